package dossier

// Life is a dossier with the whole of its journal, for keeping many at once.
type Life struct {
	Dossier Dossier
	Events  []Event
}
