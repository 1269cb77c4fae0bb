// Package picture looks at pictures that anybody may have made, and makes small ones of them.
//
// It promises that a picture takes no more memory than its head says, and that the head was
// read first: one that would burst the house, or the browser of whoever looks, is refused
// before anything is decoded (a decompression bomb). What it makes is a picture and nothing
// else, and stands as the camera was held: what a camera wrote into the file, such as the
// place, is not in it (GDPR Art. 5(1)(c)).
package picture
