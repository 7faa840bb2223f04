package demo

import (
	"errors"

	"github.com/google/uuid"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
)

// CitizenSecret stands on the receipt of the one dossier that anybody may look up. It is the same in every demonstration; the dossier's
// code holds a date and is not: see Province.Citizen and FindCitizen.
const CitizenSecret = "HAVG1ANG26"

const citizenName = "Nguyễn Thị Minh Họa"

// citizenDossier is the identifier of that dossier, whatever the seed.
func citizenDossier() uuid.UUID { return fixedID("dossier", "citizen") }

// citizen files the dossier: a change in the land register, handed in over the counter at Vị Thanh and under way for some days.
func (c *crowd) citizen() (*arrival, error) {
	for _, x := range c.world.items {
		if x.HomeLevel != catalog.District || len(x.Levels) > 1 || !land(inWorkingDays(5, 30))(x) {
			continue
		}
		a := &arrival{
			id: citizenDossier(), item: x, channel: catalog.InPerson, home: c.places.districts[0], deciding: c.places.districts[0].unit,
			secret: CitizenSecret, fate: fate{timing: onTime, supplement: withinStep},
		}
		a.applicant = dossier.Person{
			Kind: dossier.Citizen, Name: citizenName, IDNumber: c.persons.idNumber(true, 1988), Phone: c.persons.phone(),
			Email: "minh.hoa@example.com", Address: c.persons.address(a.home),
		}
		var err error
		a.at, err = c.dueIn(a, 3)
		return a, err
	}
	return nil, errors.New("no land procedure of the districts takes some days")
}
