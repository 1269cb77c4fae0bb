package tasks

import (
	"time"

	"botschaft/internal/deadline"
	"botschaft/internal/desk"
	"botschaft/internal/papers"
)

// asked is what a register asks of people: its Duties, those about the Notices given included,
// and to put those on another ground who rest on the Data Privacy Framework while it is held
// invalid, which is due at once (GDPR Art. 44, 45). Which day it is, is that of now's time zone.
func asked(r desk.Register, given []desk.Giving, now time.Time) (all []desk.ShownTask) {
	var onDPF []desk.TaskSubject
	for _, l := range r.Recipients {
		if l.Active && l.IsAbroad() && l.Transfer.Mechanism == desk.TransferDPF {
			onDPF = append(onDPF, desk.TaskSubject{ID: l.ID, Name: l.Name, Missing: l.WithoutDPF().Missing()})
		}
	}
	if !r.InvalidAt.IsZero() && len(onDPF) > 0 {
		all = append(all, made(r, desk.TaskInvalid, deadline.DateOf(r.InvalidAt).String(), onDPF...))
	}
	for _, d := range papers.Duties(r, given, now) {
		all = append(all, made(r, desk.TaskKind(d.Kind), d.Until, desk.TaskSubject{ID: d.Row, Name: d.Name, Missing: d.Fields, Title: d.Title}))
	}
	return all
}

func made(r desk.Register, kind desk.TaskKind, day string, about ...desk.TaskSubject) desk.ShownTask {
	t := desk.ShownTask{
		Task: desk.Task{Controller: r.ID, Kind: kind, Opened: desk.TaskOpening{By: string(desk.ActorSystem)}}, Day: day, About: about,
	}
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		t.Due = deadline.Due{Day: deadline.Date{Year: at.Year(), Month: at.Month(), Day: at.Day()}}.Until()
	}
	return t
}
