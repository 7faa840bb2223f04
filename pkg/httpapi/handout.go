package httpapi

import "github.com/motcua/motcua/pkg/dossier"

func handedOut(h dossier.HandedOut) HandedOut {
	return HandedOut{
		Method: ReturnMethod(h.Method), Party: ReceivingParty(h.Party), Receiver: h.Receiver, Document: h.Document, Address: h.Address,
		Tracking: h.Tracking, FileNo: h.FileNo, File: h.File, FileHash: h.FileHash, Originals: h.Originals, Signed: h.Signed,
		GivenBack: each(h.GivenBack, func(x dossier.GivenBack) GivenBackPaper { return GivenBackPaper{No: x.No, Copies: copies(x.Copies)} }),
	}
}

func handedOutOf(h HandedOutInput) dossier.HandedOut {
	return dossier.HandedOut{
		Method: dossier.ReturnMethod(h.Method), Party: dossier.Party(h.Party), Receiver: h.Receiver, Document: h.Document, Address: h.Address,
		Tracking: h.Tracking, FileNo: h.FileNo, Originals: h.Originals, Signed: h.Signed,
		GivenBack: each(h.GivenBack, func(x GivenBackPaper) dossier.GivenBack {
			return dossier.GivenBack{No: x.No, Copies: copiesOf(x.Copies)}
		}),
	}
}

func returnChoice(c *dossier.ReturnChoice) ReturnChoice {
	if c == nil {
		return ReturnChoice{}
	}
	return ReturnChoice{Method: ReturnMethod(c.Method), Address: c.Address}
}
