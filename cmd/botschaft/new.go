package main

import (
	"botschaft/internal/desk"
	"botschaft/internal/private"
	"botschaft/internal/settings"
)

func firstSetup(facts desk.ControllerFacts, email, name string, password private.Text) settings.FirstSetup {
	return settings.FirstSetup{Controller: facts, Email: private.NewText(email), Name: private.NewText(name), Password: password}
}

func newAgent(email, name string, role desk.Role, password private.Text, serves ...desk.ControllerID) settings.NewAgent {
	return settings.NewAgent{
		Email: private.NewText(email), Name: private.NewText(name), Role: role, Password: password, Controllers: serves,
	}
}
