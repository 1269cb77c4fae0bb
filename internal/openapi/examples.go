// Package openapi reads the examples that stand in an OpenAPI description, for tests.
package openapi

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Examples gives the examples of a description that are wanted, by the name each has there; of
// two of one name the later.
func Examples(description []byte, wanted func(example map[string]any) bool) (map[string]map[string]any, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(description, &root); err != nil {
		return nil, fmt.Errorf("openapi: %w", err)
	}
	found := map[string]map[string]any{}
	return found, gather(&root, wanted, found)
}

// gather looks for what has a name and a value below it.
func gather(n *yaml.Node, wanted func(map[string]any) bool, into map[string]map[string]any) error {
	if n.Kind != yaml.MappingNode {
		for _, child := range n.Content {
			if err := gather(child, wanted, into); err != nil {
				return err
			}
		}
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, below := n.Content[i].Value, n.Content[i+1]
		if value := valueOf(below); value != nil {
			var example map[string]any
			if err := value.Decode(&example); err != nil {
				return fmt.Errorf("openapi: example %s: %w", name, err)
			}
			if wanted(example) {
				into[name] = example
			}
			continue
		}
		if err := gather(below, wanted, into); err != nil {
			return err
		}
	}
	return nil
}

// valueOf gives the value of an example; nil if it is none, or no object.
func valueOf(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "value" && n.Content[i+1].Kind == yaml.MappingNode {
			return n.Content[i+1]
		}
	}
	return nil
}
