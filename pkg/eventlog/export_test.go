package eventlog

// Names are all that a log calls by a name of our own: columns, attributes of events and objects, types of objects, qualifiers.
func Names() []string {
	all := []string{
		theDossier, doneBy, handedTo, stepBegun, stepTaken, stepEnded, aboutStep, promiseMade, receivedBy, decidedBy, helpedBy, handedOut, hasStep, hasPromise, fallsTo, replaces, under,
	}
	for _, c := range columns {
		all = append(all, c.name)
	}
	for _, c := range eventColumns {
		all = append(all, c.name, c.key)
	}
	for _, o := range objectTypes() {
		all = append(all, o.Name)
		for _, a := range o.Attributes {
			all = append(all, a.Name)
		}
	}
	return all
}
