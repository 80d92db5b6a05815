// Programs that hold keys leave no core file and let no other process of the user read their
// memory.
//
// Thread: main, before keys are read. Fails: never; a kernel that refuses is as it was.
#pragma once

namespace switchboard {

// PR_SET_DUMPABLE 0, which also holds where the kernel pipes core files to a program, and a limit
// of 0 for what programs that this one starts inherit.
void forbid_core_dumps();

}  // namespace switchboard
