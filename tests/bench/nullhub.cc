#include "tests/bench/nullhub.h"

#include <algorithm>
#include <cstring>

#include "broker/base/bytes.h"
#include "tests/support/arguments.h"

namespace switchboard::bench {

using support::die;
namespace {

constexpr size_t kTurnRecords = 512;
constexpr uint64_t kPrefetch = 1000;  // events on the way to one team

uint64_t load_u64(std::string_view bytes) {
  uint64_t v;
  std::memcpy(&v, bytes.data(), sizeof v);
  return v;
}

}  // namespace

Nullhub::Nullhub(const std::string& directory, Socket& socket, size_t pack)
    : socket_(socket), pack_(pack) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.max_background_jobs = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.recycle_log_file_num = 4;
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::Open(options, directory + "/null", &opened);
  if (!status.ok()) die("cannot open the store: " + status.ToString());
  db_.reset(opened);
}

void Nullhub::turn(int64_t timeout_ms) {
  if (!socket_.readable(timeout_ms)) return;
  std::string from;
  Message message;
  taken_ = 0;
  while (taken_ < kTurnRecords && socket_.receive(from, message, Wait::kNo))
    take(from, message.bytes());
  commit();
  deliver();
  for (const auto& to : fences_) socket_.send(to, "f");
  fences_.clear();
}

void Nullhub::take(const std::string& from, std::string_view frame) {
  const std::string_view body = frame.substr(1);
  switch (frame.front()) {
    case 'P':
      return take_events(from, body);
    case 'A':
      return take_receipts(from, body);
    case 'S':
      teams_.push_back({from, end_, end_});
      return socket_.send(from, "s");
    case 'R':
      return replay(from);
    case 'F':
      fences_.push_back(from);
      return;
    default:
      die("an unknown frame");
  }
}

void Nullhub::take_events(const std::string& from, std::string_view events) {
  std::string key;
  for (; events.size() >= kNullEventBytes; events.remove_prefix(kNullEventBytes)) {
    key.clear();
    put_u64(key, end_);
    const std::string_view event = events.substr(0, kNullEventBytes);
    batch_.Put(key, rocksdb::Slice(event.data(), event.size()));
    std::string record(reinterpret_cast<const char*>(&end_), sizeof end_);
    record.append(event);
    log_.push_back(std::move(record));
    ++end_;
    ++taken_;
    ++confirms_[from];
  }
}

void Nullhub::take_receipts(const std::string& from, std::string_view numbers) {
  std::string key;
  for (size_t t = 0; t < teams_.size(); ++t) {
    if (teams_[t].address != from) continue;
    for (auto rest = numbers; rest.size() >= 8; rest.remove_prefix(8)) {
      key.assign(1, 'a');
      put_u64(key, t);
      put_u64(key, load_u64(rest));
      batch_.Put(key, "");
      ++teams_[t].received;
      ++taken_;
    }
  }
}

void Nullhub::commit() {
  if (batch_.Count() > 0) {
    rocksdb::WriteOptions options;
    options.sync = true;
    if (!db_->Write(options, &batch_).ok()) die("write");
    batch_.Clear();
  }
  for (const auto& [to, count] : confirms_)
    socket_.send(to, "C" + std::string(reinterpret_cast<const char*>(&count), sizeof count));
  confirms_.clear();
}

void Nullhub::deliver() {
  uint64_t low = end_;
  for (auto& team : teams_) {
    while (team.next < end_ && team.next - team.received < kPrefetch) {
      std::string frame = "E";
      for (size_t i = 0; i < pack_ && team.next < end_; ++i) frame += log_[team.next++ - base_];
      socket_.send(team.address, std::move(frame));
    }
    low = std::min(low, team.next);
  }
  for (; base_ < low; ++base_) log_.pop_front();
}

void Nullhub::replay(const std::string& to) {
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(rocksdb::ReadOptions()));
  std::string frame = "E";
  for (at->SeekToFirst(); at->Valid() && at->key().size() == 8; at->Next()) {
    frame.append(8, '\0').append(at->value().data(), at->value().size());
    if (frame.size() <= pack_ * kNullRecordBytes) continue;
    socket_.send(to, std::move(frame));
    frame = "E";
  }
  if (frame.size() > 1) socket_.send(to, std::move(frame));
}

}  // namespace switchboard::bench
