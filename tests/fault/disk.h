// A disk in memory that keeps what is synced apart from what is not, and fails on purpose.
//
// Owns: files (bytes, and how many of them are durable), names (those a process sees, those that
// are durable, and the changes in between, in order), locks, the planned fault. A name is durable
// only after its folder was synced, a byte only after its file was. After the power went every call
// fails until power_on(). fsyncgate: a failed sync leaves its bytes readable and clean, and a later
// sync does not bring them to the disk. Thread: any; the store's background threads call it too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/sim/random.h"

namespace switchboard::fault {

// What a call does; reads are not write sites.
enum class Site : uint8_t { kCreate, kAppend, kSync, kSyncFolder, kRename, kDelete, kOpen, kRead };
inline constexpr int kWriteSites = 6;
const char* name(Site site);

enum class Trouble : uint8_t {
  kNone,
  kPowerCut,  // this call and all after it do nothing
  kNoSpace,   // ENOSPC, nothing done
  kIo,        // EIO, nothing done but what fsyncgate does
  kSlow,      // takes a long while, then is done
};

// The nth call of its kind after arming goes wrong.
struct Plan {
  Trouble trouble = Trouble::kNone;
  std::optional<Site> site;  // none: any write site
  uint64_t nth = 1;
  bool for_ever = false;
  bool background = false;  // counts the store's own threads instead of the caller's
};

// What a power cut leaves of bytes that were not synced.
enum class Torn : uint8_t { kDropped, kAnyFront, kGarbageSector, kZeroSector };

class Disk {
 public:
  enum class Answer : uint8_t { kOk, kNotFound, kNoSpace, kIo, kReadOnly, kLocked, kExists };
  struct File {
    std::string bytes;
    size_t synced = 0;
    bool log = false;                                // of RocksDB
    std::vector<std::pair<size_t, size_t>> dropped;  // clean in memory, never written
  };
  using FileRef = std::shared_ptr<File>;

  // ---- what a file system asks ----
  Answer create(const std::string& path, FileRef& file);
  Answer open(const std::string& path, FileRef& file);
  Answer append(const FileRef& file, std::string_view bytes);
  Answer truncate(const FileRef& file, size_t bytes);
  Answer sync(const FileRef& file);
  Answer sync_folder(const std::string& folder);
  Answer read(const FileRef& file, size_t offset, size_t most, std::string& out);
  Answer rename(const std::string& from, const std::string& to);
  Answer link(const std::string& from, const std::string& to);
  Answer remove(const std::string& path);
  Answer make_folder(const std::string& path);
  bool exists(const std::string& path) const;
  bool is_folder(const std::string& path) const;
  std::optional<size_t> size(const std::string& path) const;
  size_t size(const FileRef& file) const;
  std::vector<std::string> children(const std::string& folder) const;
  Answer lock(const std::string& path);
  void unlock(const std::string& path);

  // ---- what a test does to it ----
  void arm(const Plan& plan);
  void disarm() { arm({}); }
  bool fired() const;
  uint64_t calls() const;      // of the plan's kind since arming
  int64_t stalled_us() const;  // how long slow calls took, all together
  void set_read_only(bool read_only);
  bool powered() const;
  void cut_power();
  // The machine starts again: only what was durable is there, and of the rest what chance leaves.
  void power_on(sim::Random& random);
  void power_on(Torn torn, sim::Random& random, size_t names_kept);
  // A process starts again after a failed sync: the page cache may have let go of clean pages.
  void drop_caches();
  // At rest: everything seen is durable.
  void settle();
  std::unique_ptr<Disk> copy() const;
  std::vector<std::string> files() const;  // paths, in order
  std::string bytes_of(const std::string& path) const;
  void set_bytes(const std::string& path, std::string bytes);
  void erase(const std::string& path);

 private:
  // A node of the tree: a file, or null for a folder.
  using Names = std::map<std::string, FileRef>;
  // One change of names; a rename is one of two names.
  struct Change {
    std::string folder;
    std::vector<std::pair<std::string, std::optional<FileRef>>> set;
  };
  Answer meet(Site site);
  void change(const std::string& folder,
              std::vector<std::pair<std::string, std::optional<FileRef>>> set);
  static void apply(const Change& change, Names& names);
  void tear(File& file, Torn torn, sim::Random& random) const;
  static void drop_orphans(Names& names);

  mutable std::mutex mutex_;
  Names seen_, durable_;
  std::vector<Change> pending_;
  std::set<std::string> locks_;
  Plan plan_;
  std::thread::id owner_ = std::this_thread::get_id();
  uint64_t calls_ = 0;
  int64_t stalled_us_ = 0;
  bool fired_ = false;
  bool powered_ = true;
  bool read_only_ = false;
};

}  // namespace switchboard::fault
