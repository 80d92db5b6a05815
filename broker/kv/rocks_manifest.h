// RocksDB's MANIFEST (which files make up the store), held to what was synced of it.
//
// RocksDB takes a MANIFEST that ends early for one whose last edit was never finished, and goes on
// with the files of the edit before: after a wrong byte in a length that is rows lost in silence.
// And it refuses a sector of zeroes or garbage behind it, which a power cut leaves. A note of our
// own tells both apart (rocks_manifest_sum.h): what was noted must be there to the byte, and what
// lies behind it and is no whole record was never acted on and is cut off. A MANIFEST without a
// note (a store of before, a restored backup) is RocksDB's to judge. Pure but for the files.
// Thread: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "broker/base/result.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace switchboard::kv {

// CODE_INTERNAL "storage corrupt": less or other than was noted. Where there is nothing to judge,
// ok. `mend`: cuts off what is behind the last whole record, unless another process has the store.
Status check_manifest(rocksdb::Env& env, const std::string& dir, bool mend);

// `base`, with a note for each sync of a MANIFEST in `dir`. A note that fails fails that sync.
std::unique_ptr<rocksdb::Env> noting_manifests(rocksdb::Env& base, const std::string& dir);

// How many bytes of a log of RocksDB's (MANIFEST, WAL) are whole records from its beginning.
size_t whole_records(std::string_view log);

}  // namespace switchboard::kv
