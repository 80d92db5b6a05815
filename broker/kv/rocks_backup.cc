#include "broker/kv/rocks_backup.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/utilities/checkpoint.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "broker/kv/rocks_status.h"

namespace switchboard::kv {

namespace {

namespace fs = std::filesystem;

Status sync_folder(rocksdb::Env& env, const std::string& folder) {
  std::unique_ptr<rocksdb::Directory> names;
  TRY_DO(to_status(env.NewDirectory(folder, &names), "sync " + folder));
  return to_status(names->Fsync(), "sync " + folder);
}

// RocksDB does not sync what it restores: a store's folder has no folders in it.
Status sync_tree(rocksdb::Env& env, const std::string& dir) {
  std::vector<std::string> names;
  TRY_DO(to_status(env.GetChildren(dir, &names), "sync " + dir));
  for (const std::string& name : names) {
    if (name == "." || name == "..") continue;
    const std::string path = dir + "/" + name;
    std::unique_ptr<rocksdb::WritableFile> file;
    TRY_DO(to_status(env.ReopenWritableFile(path, &file, rocksdb::EnvOptions()), "sync " + path));
    TRY_DO(to_status(file->Sync(), "sync " + path));
    TRY_DO(to_status(file->Close(), "sync " + path));
  }
  TRY_DO(sync_folder(env, dir));
  return sync_folder(env, fs::absolute(dir).lexically_normal().parent_path());
}

bool is_empty(rocksdb::Env& env, const std::string& dir) {
  std::vector<std::string> names;
  env.GetChildren(dir, &names).PermitUncheckedError();  // absent is empty
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  return names.empty();
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

Status restore_backup(rocksdb::Env& env, const std::string& backup_dir, const std::string& to_dir) {
  if (!is_empty(env, to_dir)) {
    return error(v1::CODE_CONFLICT, "storage: restore: the folder is not empty: " + to_dir);
  }
  if (!env.FileExists(backup_dir).ok()) {
    return error(v1::CODE_NOT_FOUND, "storage: restore: no backup in " + backup_dir);
  }
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  TRY_DO(to_status(
      rocksdb::BackupEngineReadOnly::Open(&env, rocksdb::BackupEngineOptions(backup_dir), &opened),
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
  return sync_tree(env, to_dir);
}

}  // namespace switchboard::kv
