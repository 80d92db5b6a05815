// What the disk and RocksDB can do with 1 KB events: raw append + fdatasync, and synced batches.
//
//   bench_disk --dir D [--ms 1000]
#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "broker/base/bytes.h"
#include "tests/bench/meter.h"
#include "tests/bench/workload.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::Arguments;
using support::die;
namespace {

constexpr size_t kEvent = 1024;

// Calls write() until the time is up and prints what that came to.
template <typename Write>
void measure(const std::string& name, uint64_t batch, uint64_t ms, Write&& write) {
  Latencies latencies;
  const double flushes = disk_flushes();
  const double cpu = own_cpu_seconds();
  const uint64_t begin = now_ns();
  uint64_t writes = 0;
  for (uint64_t last = begin; last - begin < ms * 1'000'000; ++writes) {
    write();
    const uint64_t now = now_ns();
    latencies.add(now - last);
    last = now;
  }
  const double seconds = static_cast<double>(now_ns() - begin) / 1e9;
  const auto events = static_cast<double>(writes * batch);
  JsonLine()
      .add("case", name)
      .add("batch", static_cast<double>(batch))
      .add("events_per_s", events / seconds)
      .add("p50_us", latencies.percentile_us(0.5))
      .add("p99_us", latencies.percentile_us(0.99))
      .add("cpu_s_per_100k", (own_cpu_seconds() - cpu) / (events / 1e5))
      .add("flushes_per_write", (disk_flushes() - flushes) / static_cast<double>(writes))
      .print();
}

void append(const std::string& directory, uint64_t ms) {
  const std::string path = directory + "/append";
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) die("cannot open " + path);
  const std::string event = random_text(kEvent);
  measure("append-fdatasync", 1, ms, [&] {
    if (write(fd, event.data(), event.size()) != static_cast<ssize_t>(event.size())) die("write");
    if (fdatasync(fd) != 0) die("fdatasync");
  });
  close(fd);
}

void batches(const std::string& directory, uint64_t batch, uint64_t ms) {
  const std::string path = directory + "/rocks";
  rocksdb::Options options;
  options.create_if_missing = true;
  options.max_background_jobs = 2;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(options, path, &opened).ok()) die("cannot open " + path);
  std::unique_ptr<rocksdb::DB> db(opened);
  const std::string text = random_text(1 << 20);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::WriteBatch rows;
  uint64_t n = 0;
  std::string key;
  measure("rocksdb-sync", batch, ms, [&] {
    rows.Clear();
    for (uint64_t i = 0; i < batch; ++i, ++n) {
      key.clear();
      put_u64(key, n);
      rows.Put(key, rocksdb::Slice(text.data() + (n * 64) % (text.size() - kEvent), kEvent));
    }
    if (!db->Write(synced, &rows).ok()) die("write");
  });
  db.reset();
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace switchboard::bench

int main(int count, char** values) {
  using namespace switchboard::bench;
  Arguments arguments(count, values);
  const std::string directory = arguments.text("dir", ".");
  const auto ms = static_cast<uint64_t>(arguments.number("ms", 1000));
  arguments.finish();
  append(directory, ms);
  for (const uint64_t batch : {1u, 16u, 64u, 256u}) batches(directory, batch, ms);
}
