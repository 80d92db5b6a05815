// Copies of a store: hard-linked checkpoints, and backups in a folder of their own.
//
// Owns: nothing. Thread: any. Fails with an Error; a half-made copy is never presented as one.
#pragma once

#include <string>

#include "broker/base/result.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace switchboard::kv {

Status make_checkpoint(rocksdb::DB& db, const std::string& dir);
Status make_backup(rocksdb::DB& db, const std::string& dir);
// CODE_CONFLICT if `to_dir` has anything in it; CODE_NOT_FOUND if there is no backup.
Status restore_backup(rocksdb::Env& env, const std::string& backup_dir, const std::string& to_dir);

}  // namespace switchboard::kv
