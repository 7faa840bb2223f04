package worktime

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"runtime"
	"sync"
)

const (
	maxLine      = 1 << 20 // bytes of a line; a longer one is answered with CodeLineTooLong
	batchLines   = 256     // that one worker takes at a time
	batchBytes   = 1 << 18
	maxCompiled  = 2048 // inline calendars kept
	maxInlineSum = 8 << 20
)

// AskLines answers questions line by line: one answer for each line that is not blank, in the same order. A faulty line gets an error
// answer and the rest go on. Lines are worked on by as many workers as there are processors; memory does not grow with the input. The
// error is that of reading or writing.
func AskLines(r io.Reader, w io.Writer, calendars func(name string) (*Calendar, error), explain bool) error {
	k := asker{calendars: calendars, inline: &compiled{}, explain: explain}
	workers := runtime.GOMAXPROCS(0)
	todo := make(chan *batch, workers)
	inOrder := make(chan *batch, 4*workers)
	stop := make(chan struct{})
	var working sync.WaitGroup
	for range workers {
		working.Go(func() {
			for b := range todo {
				b.answer(k)
				close(b.done)
			}
		})
	}
	var readErr error
	go func() {
		readErr = readBatches(r, todo, inOrder, stop)
		close(todo)
		close(inOrder)
	}()
	var writeErr error
	for b := range inOrder {
		<-b.done
		if writeErr != nil {
			continue // only drain what was read ahead
		}
		if _, writeErr = w.Write(b.out); writeErr != nil {
			close(stop)
		}
	}
	working.Wait()
	return errors.Join(readErr, writeErr)
}

// batch is some lines in a row, one behind the other, and then their answers.
type batch struct {
	in   []byte
	ends []int // of each line in in; -1 for one that was too long
	out  []byte
	done chan struct{}
}

func (b *batch) answer(k asker) {
	from := 0
	for _, end := range b.ends {
		var a Answer
		if end < 0 {
			a.Error = failf(CodeLineTooLong, "the line is longer than %d bytes", maxLine)
		} else {
			a = k.askJSON(b.in[from:end])
			from = end
		}
		line, err := a.MarshalJSON()
		if err != nil { // nothing that an answer is made of can fail; if it does, a line must still have its answer
			line, _ = Answer{ID: a.ID, Error: asError(err)}.MarshalJSON()
		}
		b.out = append(append(b.out, line...), '\n')
	}
	b.in = nil
}

// readBatches cuts the input up until it ends or stop is closed.
func readBatches(r io.Reader, todo, inOrder chan<- *batch, stop <-chan struct{}) error {
	lines := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := lines.Peek(3); string(mark) == "\ufeff" { // some editors begin every text with it
		_, _ = lines.Discard(3)
	}
	for {
		b := &batch{done: make(chan struct{})}
		var err error
		for err == nil && len(b.ends) < batchLines && len(b.in) < batchBytes {
			if err = b.readLine(lines); lines.Buffered() == 0 {
				break // whoever types questions wants the answer now
			}
		}
		if len(b.ends) > 0 {
			select {
			case <-stop:
				return nil
			case inOrder <- b:
				todo <- b
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readLine adds the next line unless it is blank; what is too long is read past.
func (b *batch) readLine(lines *bufio.Reader) error {
	from, tooLong := len(b.in), false
	for {
		part, err := lines.ReadSlice('\n')
		if len(b.in)-from+len(part) > maxLine {
			tooLong = true
			b.in = b.in[:from]
		}
		if !tooLong {
			b.in = append(b.in, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		switch {
		case tooLong:
			b.ends = append(b.ends, -1)
		case len(bytes.TrimSpace(b.in[from:])) > 0:
			b.ends = append(b.ends, len(b.in))
		default:
			b.in = b.in[:from]
		}
		return err
	}
}

// compiled keeps inline calendars by their bytes: a file of questions repeats a few of them on every line.
type compiled struct {
	mu    sync.RWMutex
	known map[string]*Calendar
	bytes int
}

// calendar compiles an inline definition unless it is known. The nil compiled keeps none.
func (k *compiled) calendar(inline []byte) (*Calendar, error) {
	if k != nil {
		k.mu.RLock()
		c := k.known[string(inline)]
		k.mu.RUnlock()
		if c != nil {
			return c, nil
		}
	}
	var d Definition
	if err := d.UnmarshalJSON(inline); err != nil {
		return nil, err
	}
	c, err := Compile(d)
	if err != nil || k == nil {
		return c, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= maxCompiled || k.bytes+len(inline) > maxInlineSum { // all out is the simplest bound there is
		k.known, k.bytes = map[string]*Calendar{}, 0
	}
	k.known[string(inline)] = c
	k.bytes += len(inline)
	return c, nil
}
