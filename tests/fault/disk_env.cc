#include "tests/fault/disk_env.h"

#include <rocksdb/file_system.h>

#include <algorithm>
#include <cstring>
#include <functional>

namespace switchboard::fault {

namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus status(Disk::Answer answer, const std::string& path) {
  switch (answer) {
    case Disk::Answer::kOk:
      return IOStatus::OK();
    case Disk::Answer::kNotFound:
      return IOStatus::PathNotFound(path, "no such file");
    case Disk::Answer::kNoSpace:
      return IOStatus::NoSpace(path, "no space left on device");
    case Disk::Answer::kReadOnly:
      return IOStatus::IOError(path, "read-only file system");
    case Disk::Answer::kLocked:
      return IOStatus::IOError("lock " + path, "already held");
    case Disk::Answer::kExists:
      return IOStatus::IOError(path, "it exists");
    case Disk::Answer::kIo:
      return IOStatus::IOError(path, "input/output error");
  }
  return IOStatus::IOError(path);
}

std::string tidy(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || out.empty() || out.back() != '/') out += c;
  }
  while (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

class OneFile {
 public:
  OneFile(Disk& disk, std::string path, Disk::FileRef file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}
  IOStatus read(size_t offset, size_t n, Slice* result, char* scratch) const {
    std::string bytes;
    const auto answer = disk_.read(file_, offset, n, bytes);
    std::memcpy(scratch, bytes.data(), bytes.size());
    *result = Slice(scratch, bytes.size());
    return status(answer, path_);
  }
  Disk& disk() const { return disk_; }
  const std::string& path() const { return path_; }
  const Disk::FileRef& file() const { return file_; }

 private:
  Disk& disk_;
  const std::string path_;
  const Disk::FileRef file_;
};

class Sequential final : public rocksdb::FSSequentialFile {
 public:
  explicit Sequential(OneFile file) : file_(std::move(file)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    IOStatus read = file_.read(at_, n, result, scratch);
    at_ += result->size();
    return read;
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  OneFile file_;
  size_t at_ = 0;
};

class RandomAccess final : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccess(OneFile file) : file_(std::move(file)) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return file_.read(offset, n, result, scratch);
  }

 private:
  OneFile file_;
};

class Writable final : public rocksdb::FSWritableFile {
 public:
  explicit Writable(OneFile file) : file_(std::move(file)) {}
  IOStatus Append(const Slice& bytes, const IOOptions&, IODebugContext*) override {
    return status(file_.disk().append(file_.file(), {bytes.data(), bytes.size()}), file_.path());
  }
  IOStatus Append(const Slice& bytes, const IOOptions& options,
                  const rocksdb::DataVerificationInfo&, IODebugContext* context) override {
    return Append(bytes, options, context);
  }
  IOStatus Truncate(uint64_t bytes, const IOOptions&, IODebugContext*) override {
    return status(file_.disk().truncate(file_.file(), bytes), file_.path());
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return status(file_.disk().sync(file_.file()), file_.path());
  }
  bool IsSyncThreadSafe() const override { return true; }  // SyncWAL insists on it
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override {
    return file_.disk().size(file_.file());
  }

 private:
  OneFile file_;
};

class Folder final : public rocksdb::FSDirectory {
 public:
  Folder(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return status(disk_.sync_folder(path_), path_);
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  Disk& disk_;
  const std::string path_;
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string held) : path(std::move(held)) {}
  const std::string path;
};

class DiskFileSystem final : public rocksdb::FileSystem {
 public:
  explicit DiskFileSystem(Disk& disk) : disk_(disk) {}
  const char* Name() const override { return "DiskOfATest"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* out,
                             IODebugContext*) override {
    return open(path, [&](OneFile f) { *out = std::make_unique<Sequential>(std::move(f)); });
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* out,
                               IODebugContext*) override {
    return open(path, [&](OneFile f) { *out = std::make_unique<RandomAccess>(std::move(f)); });
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* out,
                           IODebugContext*) override {
    Disk::FileRef file;
    const auto answer = disk_.create(tidy(path), file);
    if (file) *out = std::make_unique<Writable>(OneFile(disk_, tidy(path), file));
    return status(answer, path);
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* out,
                              IODebugContext* context) override {
    if (!disk_.exists(tidy(path))) return NewWritableFile(path, options, out, context);
    return open(path, [&](OneFile f) { *out = std::make_unique<Writable>(std::move(f)); });
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* out, IODebugContext*) override {
    if (!disk_.is_folder(tidy(path))) return IOStatus::PathNotFound(path, "no such folder");
    *out = std::make_unique<Folder>(disk_, tidy(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    return disk_.exists(tidy(path)) ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* out,
                       IODebugContext*) override {
    out->clear();
    if (!disk_.is_folder(tidy(path))) return IOStatus::PathNotFound(path, "no such folder");
    *out = disk_.children(tidy(path));
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return status(disk_.remove(tidy(path)), path);
  }
  IOStatus Truncate(const std::string& path, size_t bytes, const IOOptions&,
                    IODebugContext*) override {
    Disk::FileRef file;
    const auto answer = disk_.open(tidy(path), file);
    return status(file ? disk_.truncate(file, bytes) : answer, path);
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return status(disk_.make_folder(tidy(path)), path);
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override {
    const auto answer = disk_.make_folder(tidy(path));
    return answer == Disk::Answer::kExists ? IOStatus::OK() : status(answer, path);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return status(disk_.remove(tidy(path)), path);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* bytes,
                       IODebugContext*) override {
    const auto size = disk_.size(tidy(path));
    *bytes = size.value_or(0);
    return size ? IOStatus::OK() : IOStatus::PathNotFound(path, "no such file");
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return status(disk_.rename(tidy(from), tidy(to)), from);
  }
  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions&,
                    IODebugContext*) override {
    return status(disk_.link(tidy(from), tidy(to)), from);
  }
  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** out,
                    IODebugContext*) override {
    const auto answer = disk_.lock(tidy(path));
    if (answer == Disk::Answer::kOk) *out = std::make_unique<Lock>(tidy(path)).release();
    return status(answer, path);
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    const std::unique_ptr<rocksdb::FileLock> held(lock);
    disk_.unlock(static_cast<Lock*>(lock)->path);
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>*,
                     IODebugContext*) override {
    return IOStatus::NotSupported("no LOG file");
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out,
                           IODebugContext*) override {
    *out = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is,
                       IODebugContext*) override {
    *is = disk_.is_folder(tidy(path));
    return IOStatus::OK();
  }

 private:
  IOStatus open(const std::string& path, const std::function<void(OneFile)>& made) {
    Disk::FileRef file;
    const auto answer = disk_.open(tidy(path), file);
    if (file) made(OneFile(disk_, tidy(path), file));
    return status(answer, path);
  }
  Disk& disk_;
};

}  // namespace

std::unique_ptr<rocksdb::Env> env_on(Disk& disk) {
  return rocksdb::NewCompositeEnv(std::make_shared<DiskFileSystem>(disk));
}

}  // namespace switchboard::fault
