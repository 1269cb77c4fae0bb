package desk

// Capacity is what a Provider lets a number do (Meta: Throughput; Messaging limits).
type Capacity struct {
	PerSecond int // Messages in a second; 0: nobody knows
	People    int // who may be written to outside of a Window within 24 hours, over all numbers of the account; 0: everybody, or nobody knows
}
