package oversight

import (
	"cmp"
	"context"
	"slices"

	"botschaft/internal/desk"
	"botschaft/internal/store"
	"botschaft/internal/store/rows"
)

// Destinations lists where data may go now and where it went, with the Inboxes in the Scope
// whose Messages go there and whom the register knows them to be carried by (GDPR
// Art. 30(1)(d), 32(1)). Whoever does not see every Inbox is shown what theirs have to do with.
func (o *Oversight) Destinations(ctx context.Context, scope desk.Scope) ([]desk.Destination, error) {
	used, err := o.store.Read().ListDestinations(ctx)
	if err != nil {
		return nil, err
	}
	all := joined(o.node.Ways(), used)
	if err := o.fillSenders(ctx, scope, all); err != nil {
		return nil, err
	}
	if !scope.All {
		all = slices.DeleteFunc(all, func(d desk.Destination) bool { return len(d.Senders) == 0 })
	}
	return all, nil
}

// joined makes one list of the ways that are open and of those that were used.
func joined(ways []desk.Destination, used []rows.Destination) []desk.Destination {
	all := slices.Clone(ways)
	for _, u := range used {
		was := desk.Destination{Host: u.Host, Port: int(u.Port), Purpose: u.Purpose, Company: u.Company}
		i := slices.IndexFunc(all, func(d desk.Destination) bool {
			return d.Host == was.Host && d.Port == was.Port && d.Purpose == was.Purpose && d.Company == was.Company
		})
		if i < 0 {
			i, all = len(all), append(all, was)
		}
		all[i].FirstUsed = u.FirstAt.Time
		if u.LastAt.After(all[i].LastUsed) { // a way knows its latest use before it is written down
			all[i].LastUsed = u.LastAt.Time
		}
	}
	slices.SortStableFunc(all, func(a, b desk.Destination) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), cmp.Compare(a.Port, b.Port), cmp.Compare(a.Purpose, b.Purpose))
	})
	return all
}

// fillSenders notes at each Destination which Inboxes send there.
func (o *Oversight) fillSenders(ctx context.Context, scope desk.Scope, all []desk.Destination) error {
	seen, err := o.served(ctx, scope)
	if err != nil {
		return err
	}
	inboxes, err := o.store.Read().ListInboxes(ctx)
	if err != nil {
		return err
	}
	carriers := map[desk.ControllerID][]string{}
	for _, in := range inboxes {
		host, port, ok := desk.LeadsTo(in.GraphUrl)
		if !ok || !seen[in.ID.String()] {
			continue
		}
		if _, known := carriers[in.Controller]; !known {
			register, err := store.RegisterNow(ctx, o.store.Read(), in.Controller, o.store.Now())
			if err != nil {
				return err
			}
			carriers[in.Controller] = register.Carriers(desk.Channel(in.Channel))
		}
		for i := range all {
			if (all[i].Host == host || all[i].Host == desk.FilesHost(host)) && all[i].Port == port {
				all[i].Senders = append(all[i].Senders, desk.Sender{Inbox: in.ID, Controller: in.Controller, Recipients: carriers[in.Controller]})
			}
		}
	}
	return nil
}
