package main

import (
	"context"
	"fmt"
	"time"

	"botschaft/internal/desk"
)

type controllerListCmd struct {
	placement
	printing
}

// controllerShown is a Controller as the command shows it.
type controllerShown struct {
	ID        string               `json:"id"`
	Name      string               `json:"name"`
	Facts     desk.ControllerFacts `json:"facts"`
	CreatedAt time.Time            `json:"created_at"`
}

// Run lists the Controllers.
func (c *controllerListCmd) Run(ctx context.Context) error {
	return c.withGround(ctx, func(g *ground) error {
		listed, err := g.settings.Controllers(ctx)
		if err != nil {
			return err
		}
		items := make([]controllerShown, len(listed))
		for i, in := range listed {
			items[i] = controllerShown{in.ID.String(), in.Name, in.Facts, in.CreatedAt}
		}
		return c.facts(map[string]any{"items": items}, func() {
			for _, it := range items {
				fmt.Printf("%s  %s\n", it.ID, it.Name)
			}
		})
	})
}
