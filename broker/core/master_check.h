// Whether the master key is the one that the store was made with.
//
// With another one the hub would run, and fail at every read, know no child again and recognise no
// promise of its own. So the first opening for writing leaves a value of it in meta, keyed and of
// no use otherwise. A store from before has none: there the key must open what is sealed or agree
// with a recorded digest first. Thread: the loop.
#pragma once

#include "broker/base/result.h"
#include "broker/core/secrets.h"
#include "broker/store/journal.h"

namespace switchboard::core {

// CODE_NOT_ALLOWED: it is another key. Where nothing can tell, it is taken.
Status check_master(const kv::Reads& reads, const Secrets& secrets);
// The value, where there is none yet. Only after check_master.
void write_master_check(store::Journal& journal, const Secrets& secrets);

}  // namespace switchboard::core
