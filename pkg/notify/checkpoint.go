package notify

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Letter is a mail to one recipient.
type Letter struct {
	ID      string // the same however often it is sent, without a domain
	To      string
	Subject string
	Text    string
	File    string // name of what is attached, "" when nothing is
	Content string
}

// Pledge is a signed checkpoint of the log with what whoever keeps it has to know of it.
type Pledge struct {
	Size      int64
	SignedAt  time.Time
	Signed    string
	PublicKey string
	Source    string // of the log, as a URI
}

// CheckpointLetter is a checkpoint for somebody who keeps it away from the machine. The checkpoint stands in the text and, byte for byte, in the
// file beside it; `motcua verify` reads it out of either, and out of the mail as it was saved.
func CheckpointLetter(p Pledge, to string, zone *time.Location) Letter {
	sum := sha256.Sum256([]byte(p.Signed + to))
	at := p.SignedAt.In(zone)
	file := fmt.Sprintf("checkpoint-%d.txt", p.Size)
	return Letter{
		ID: fmt.Sprintf("checkpoint-%d-%s", p.Size, hex.EncodeToString(sum[:8])), To: to,
		Subject: fmt.Sprintf("Điểm kiểm soát nhật ký hồ sơ %s, %d sự kiện / Journal checkpoint", at.Format("15:04 02/01/2006"), p.Size),
		Text: fmt.Sprintf(`ĐIỂM KIỂM SOÁT NHẬT KÝ HỒ SƠ / JOURNAL CHECKPOINT

Hệ thống / system: %s
Số sự kiện / events: %d
Ký lúc / signed: %s
Khóa công khai / public key:
  %s

%s
Xin lưu thư này, đừng xóa: từ lúc thư rời máy chủ, không ai sửa được những gì nhật ký đã ghi mà không bị phát hiện.
Khóa công khai phải giống khóa trong các thư trước và khóa mà cơ quan đã công bố. Cách kiểm tra (với thư đã lưu hoặc tệp đính kèm):
  motcua verify --checkpoint %s --key '%s'

Please keep this mail: since it left the server, nothing that the journals held by then can be changed unseen. The public key must be the one
of the mails before and the one that the office published. To check, use the command above with this mail as saved, or with the attached file.
`, p.Source, p.Size, at.Format("15:04:05 02/01/2006"), p.PublicKey, p.Signed, file, p.PublicKey),
		File: file, Content: p.Signed,
	}
}

// TrialLetter says nothing but that mail arrives.
func TrialLetter(source, to string, at time.Time, zone *time.Location) Letter {
	sum := sha256.Sum256([]byte(source + to))
	return Letter{
		ID: fmt.Sprintf("trial-%d-%s", at.UnixNano(), hex.EncodeToString(sum[:8])), To: to,
		Subject: "Thư thử của Motcua / Trial mail of Motcua",
		Text: fmt.Sprintf(`Thư này chỉ để kiểm tra cấu hình gửi thư, lúc %s. Điểm kiểm soát nhật ký hồ sơ sẽ được gửi tới địa chỉ này.

This mail only tries the settings. Checkpoints of the journals will be sent to this address.

%s
`, at.In(zone).Format("15:04:05 02/01/2006"), source),
	}
}
