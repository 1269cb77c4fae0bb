package diagnosis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Limits of readiness and of the signs before it.
const (
	mostSkew  = 2 * time.Second
	leastDisk = 64 << 20
	lowDisk   = 1 << 30
)

func serving(f Facts) []Finding {
	s := f.Serving
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"serving", severity, "a server at " + s.Address, found, mend}}
	}
	switch {
	case s.Answers && s.Ready:
		return is(OK, "answers and is ready", "")
	case s.Answers:
		said := make([]string, 0, len(s.Checks))
		for _, name := range slices.Sorted(maps.Keys(s.Checks)) {
			said = append(said, name+": "+s.Checks[name])
		}
		return is(Problem, "answers and is not ready ("+strings.Join(said, "; ")+")",
			"Mend what the check names; the node takes no work from the load balancer meanwhile.")
	case s.Here:
		return is(Warning, "a server holds the lock of the data directory and does not answer there: "+string(s.Trouble),
			"Give doctor the configuration the server was started with, --listen included; if it is the same, look at the server's log.")
	}
	return is(Note, "none runs on this machine: "+string(s.Trouble), "Start it: botschaft serve.")
}

func clock(f Facts) []Finding {
	if f.Clock == nil {
		return nil
	}
	is := func(severity Severity, found, mend string) []Finding {
		return []Finding{{"clock", severity, "this machine's clock against the database's", found, mend}}
	}
	switch ahead := f.Clock.Ahead.Round(time.Millisecond); {
	case f.Clock.Trouble != "":
		return is(Problem, string(f.Clock.Trouble), "Make the database answer first.")
	case ahead.Abs() > mostSkew:
		return is(Problem, fmt.Sprintf("the database's is %v ahead; the node is not ready beyond %v", ahead, mostSkew),
			"Let one time service keep both clocks: timedatectl set-ntp true, on each machine.")
	default:
		return is(OK, fmt.Sprintf("they differ by %v", ahead.Abs()), "")
	}
}

// networks are file systems on which SQLite's locks or its shared memory cannot be relied on.
var networks = []string{"nfs", "smb", "cifs", "9p", "afs", "ceph", "fuse"}

func disks(f Facts) []Finding {
	var found []Finding
	for _, d := range f.Disks {
		is := func(severity Severity, text, mend string) {
			found = append(found, Finding{"disk", severity, d.What + ", " + d.Path, text, mend})
		}
		switch free := fmt.Sprintf("%d MiB free", d.Free>>20); {
		case d.Trouble != "":
			is(Problem, string(d.Trouble), "Make the directory, or name another one by data_dir.")
			continue
		case d.Free < leastDisk:
			is(Problem, free+"; the node is not ready below 64 MiB", "Free space, or move the directory to a larger disk.")
		case d.Free < lowDisk && d.Keeps:
			is(Warning, free, "Free space, or move the directory to a larger disk, before 64 MiB are reached.")
		default:
			is(OK, free, "")
		}
		switch {
		case !d.Keeps:
		case f.Data != nil && f.Data.SQLite != nil && slices.Contains(networks, d.System):
			is(Problem, "it lies on a network file system ("+d.System+"), where SQLite's locks do not hold",
				"Move data_dir to a local disk, or use PostgreSQL.")
		case d.System == "tmpfs":
			is(Problem, "it lies in memory (tmpfs) and is gone with the machine", "Move data_dir to a disk.")
		case d.System == "overlay":
			is(Warning, "it lies in a container's own layer (overlay) and goes with the container", "Mount a volume at data_dir.")
		}
	}
	return found
}

func files(f Facts) []Finding {
	var found []Finding
	well := 0
	for _, file := range f.Files {
		mode := fmt.Sprintf("mode %04o", file.Mode)
		others, mend := file.Mode&0o077, "chmod go= "+file.Path
		is := func(severity Severity, text, mend string) {
			found = append(found, Finding{"file_rights", severity, file.What + ", " + file.Path, text, mend})
		}
		switch {
		case file.Given:
			well++
		case others&0o022 != 0:
			is(Problem, mode+": others may write to it", mend)
		case others != 0 && file.Secret:
			is(Problem, mode+": others may read it", mend)
		case others != 0:
			is(Warning, mode+": others may look into it", mend)
		case file.Owner != file.House:
			is(Warning, fmt.Sprintf("it belongs to user %d, and the data directory to user %d: the server may not get at it", file.Owner, file.House),
				fmt.Sprintf("chown %d %s", file.House, file.Path))
		default:
			well++
		}
	}
	if well > 0 {
		found = append(found, Finding{"file_rights", OK, fmt.Sprintf("%d files and directories", len(f.Files)),
			fmt.Sprintf("%d are their owner's alone", well), ""})
	}
	return found
}

func rootKey(f Facts) []Finding {
	k := f.RootKey
	looked := "the root key, " + k.Path
	if k.Environment {
		looked = "the root key, in the environment"
	}
	is := func(severity Severity, found, mend string) Finding {
		return Finding{"root_key", severity, looked, found, mend}
	}
	const copyBack = "Bring the file back from the copy you keep; nothing can be read without it, and no new one is made beside a vault that is there."
	switch {
	case k.Missing && f.Vault != nil && f.Vault.State == VaultNone:
		return []Finding{is(Note, "there is none yet", "botschaft setup makes one on SQLite; with PostgreSQL, make one as docs/operate.md says.")}
	case k.Missing:
		return []Finding{is(Problem, "the file is missing", copyBack)}
	case k.Trouble != "":
		return []Finding{is(Problem, string(k.Trouble), "Make the file its owner's alone and readable for the server's user (chmod 600); if it is damaged, bring it back from its copy.")}
	}
	found := []Finding{is(OK, "present and of the right form", "")}
	if k.Environment {
		found = append(found, is(Note, "it is given as a variable, which whoever may look at the process can read",
			"Use root_key_file, or a credential of the service manager."))
	}
	if k.Beside {
		found = append(found, is(Note, "it lies in the data directory: a copy of the directory holds the key to itself",
			"Move it to another disk and name it by root_key_file; keep a copy in a safe."))
	}
	return found
}
