#include "broker/kv/rocks_backup.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/utilities/checkpoint.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

namespace fs = std::filesystem;

Status sync_path(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) return error(v1::CODE_INTERNAL, "storage i/o: cannot sync " + path.string());
  return ok();
}

// RocksDB does not sync what it restores.
Status sync_tree(const std::string& dir) {
  std::error_code failure;
  for (fs::recursive_directory_iterator at(dir, failure), end; !failure && at != end;
       at.increment(failure)) {
    TRY_DO(sync_path(at->path()));
  }
  if (failure) return error(v1::CODE_INTERNAL, "storage i/o: " + failure.message());
  TRY_DO(sync_path(dir));
  return sync_path(fs::absolute(dir).lexically_normal().parent_path());
}

}  // namespace

Status make_checkpoint(rocksdb::DB& db, const std::string& dir) {
  rocksdb::Checkpoint* made = nullptr;
  TRY_DO(to_status(rocksdb::Checkpoint::Create(&db, &made), "checkpoint"));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  return to_status(checkpoint->CreateCheckpoint(dir), "checkpoint");
}

Status make_backup(rocksdb::DB& db, const std::string& dir) {
  rocksdb::BackupEngineOptions options(dir);
  options.sync = true;
  options.share_files_with_checksum = true;  // two stores may back up into one folder's history
  rocksdb::BackupEngine* opened = nullptr;
  TRY_DO(to_status(rocksdb::BackupEngine::Open(db.GetEnv(), options, &opened), "open backup"));
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;  // a backup that leans on no log tail
  rocksdb::BackupID id = 0;
  TRY_DO(to_status(engine->CreateNewBackup(create, &db, &id), "backup"));
  return to_status(engine->VerifyBackup(id, true), "verify backup");
}

Status restore_backup(const std::string& backup_dir, const std::string& to_dir) {
  std::error_code failure;
  if (fs::exists(to_dir, failure) && !fs::is_empty(to_dir, failure)) {
    return error(v1::CODE_CONFLICT, "storage: restore: the folder is not empty: " + to_dir);
  }
  if (failure) return error(v1::CODE_INTERNAL, "storage i/o: restore: " + failure.message());
  if (!fs::is_directory(backup_dir, failure)) {
    return error(v1::CODE_NOT_FOUND, "storage: restore: no backup in " + backup_dir);
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  TRY_DO(to_status(rocksdb::BackupEngineReadOnly::Open(
                       rocksdb::Env::Default(), rocksdb::BackupEngineOptions(backup_dir), &opened),
                   "open backup"));
  const std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  std::vector<rocksdb::BackupInfo> backups;
  engine->GetBackupInfo(&backups);
  if (backups.empty()) {
    return error(v1::CODE_NOT_FOUND, "storage: restore: no backup in " + backup_dir);
  }
  TRY_DO(to_status(engine->VerifyBackup(backups.back().backup_id, true), "verify backup"));
  TRY_DO(
      to_status(engine->RestoreDBFromBackup(backups.back().backup_id, to_dir, to_dir), "restore"));
  return sync_tree(to_dir);
}

}  // namespace switchboard::kv
