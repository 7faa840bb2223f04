package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
)

// A receipt stands in one event among several fees, in an array that no index of either database can look into. So each has a row of its
// own, whose primary key is what makes it unique; it follows from the journal like everything else beside it.

// receiptRows are the receipts of the dossier's fees, in an order that does not depend on a database.
func receiptRows(d dossier.Dossier) []receiptRow {
	var rows []receiptRow
	for _, x := range d.Receipts() {
		rows = append(rows, receiptRow{AgencyID: x.AgencyID, Form: x.Form, Series: x.Series, Number: x.Number, DossierID: d.ID})
	}
	sortReceipts(rows)
	return rows
}

func sortReceipts(rows []receiptRow) {
	slices.SortFunc(rows, func(a, b receiptRow) int {
		return cmp.Or(cmp.Compare(a.AgencyID.String(), b.AgencyID.String()), cmp.Compare(a.Form, b.Form), cmp.Compare(a.Series, b.Series), cmp.Compare(a.Number, b.Number))
	})
}

// addReceipts enters the receipts of a payment. The fault is Conflict "receipt-taken" with the fields of all that the agency has written
// before; for which dossier is not told, since it can be one that the actor may not see.
func (s *Store) addReceipts(ctx context.Context, id uuid.UUID, e dossier.Event) error {
	if e.Kind != dossier.FeesWerePaid {
		return nil
	}
	f, err := e.Read()
	if err != nil {
		return err
	}
	var rows []receiptRow
	fields := map[receiptRow]string{}
	for i, l := range f.Fees {
		if l.Receipt == nil {
			continue
		}
		key := l.Receipt.Key()
		row := receiptRow{AgencyID: e.By.AgencyID, Form: key.Form, Series: key.Series, Number: key.Number, DossierID: id}
		if fields[row] == "" { // one receipt may stand for several fees of a payment
			rows, fields[row] = append(rows, row), fmt.Sprintf("fees[%d].receipt.number", i)
		}
	}
	sortReceipts(rows) // two payments that bring the same ones in another order would wait for each other
	var taken fault.Fields
	for _, row := range rows {
		field := fields[row]
		added := s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if added.Error != nil {
			return s.fault("write receipts", added.Error)
		}
		if added.RowsAffected == 0 {
			taken.Add(field, "receipt-taken", "your agency has already written a receipt of this form, series and number")
		}
	}
	if len(taken) == 0 {
		return nil
	}
	wrong := fault.New(fault.Conflict, "receipt-taken", "a receipt number was used before")
	wrong.Fields = taken
	return wrong
}
