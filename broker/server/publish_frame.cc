#include "broker/server/publish_frame.h"

#include <optional>

#include "broker/base/bytes.h"

namespace switchboard::server {
namespace {

// protobuf wire format: one byte names the field (number and type), for numbers below 16.
constexpr char tag(int field, int type) { return static_cast<char>(field << 3 | type); }
constexpr int kNumber = 0, kBytes = 2;
constexpr char kPublish = tag(v1::ClientFrame::kPublishFieldNumber, kBytes);
constexpr char kOutbox = tag(v1::Publish::kOutboxFieldNumber, kBytes);
constexpr char kFirst = tag(v1::Publish::kFirstFieldNumber, kNumber);
constexpr char kItem = tag(v1::Publish::kItemsFieldNumber, kBytes);
constexpr char kHeader = tag(v1::Item::kHeaderFieldNumber, kBytes);
constexpr char kSection = tag(v1::Item::kSectionsFieldNumber, kBytes);
constexpr char kTaken = tag(v1::Item::kTakenUsFieldNumber, kNumber);
constexpr char kKind = tag(v1::Section::kKindFieldNumber, kNumber);
constexpr char kBody = tag(v1::Section::kBodyFieldNumber, kBytes);

// Longer forms of a number are protobuf's to judge: what it cuts off, what it refuses.
constexpr size_t kNumberBytesMax = 9;
constexpr size_t kLengthBytesMax = 4;

std::optional<uint64_t> take_number(std::string_view& in, size_t bytes_max) {
  const size_t before = in.size();
  const auto number = take_varint(in);
  return number && before - in.size() <= bytes_max ? number : std::nullopt;
}

bool take_bytes(std::string_view& in, std::string_view& out) {
  const auto length = take_number(in, kLengthBytesMax);
  if (!length || *length > in.size()) return false;
  out = in.substr(0, *length);
  in.remove_prefix(out.size());
  return true;
}

char take_tag(std::string_view& in) {
  const char tag = in.front();
  in.remove_prefix(1);
  return tag;
}

}  // namespace

bool PublishFrame::may_be(std::string_view frame) {
  return !frame.empty() && frame.front() == kPublish;
}

bool PublishFrame::walk(std::string_view frame) {
  clear();
  std::string_view body;
  if (!may_be(frame)) return false;
  take_tag(frame);
  if (!take_bytes(frame, body) || !frame.empty()) return false;
  while (!body.empty()) {
    std::string_view bytes;
    switch (take_tag(body)) {
      case kOutbox:
        if (!take_bytes(body, outbox_)) return false;
        break;
      case kFirst: {
        const auto number = take_number(body, kNumberBytesMax);
        if (!number) return false;
        first_ = *number;
        break;
      }
      case kItem:
        if (!take_bytes(body, bytes) || !walk_item(bytes)) return false;
        break;
      default:
        return false;
    }
  }
  return true;
}

bool PublishFrame::walk_item(std::string_view in) {
  Item item;
  item.section = sections_.size();
  while (!in.empty()) {
    std::string_view bytes;
    switch (take_tag(in)) {
      case kHeader:
        if (!take_bytes(in, item.header)) return false;
        break;
      case kSection:
        if (!take_bytes(in, bytes) || !walk_section(bytes)) return false;
        break;
      case kTaken: {
        const auto number = take_number(in, kNumberBytesMax);
        if (!number) return false;
        item.taken_us = static_cast<int64_t>(*number);
        break;
      }
      default:
        return false;
    }
  }
  item.sections = sections_.size() - item.section;
  items_.push_back(item);
  return true;
}

bool PublishFrame::walk_section(std::string_view in) {
  store::PlainSection section;
  while (!in.empty()) {
    switch (take_tag(in)) {
      case kKind: {
        const auto number = take_number(in, kLengthBytesMax);
        if (!number) return false;
        section.kind = static_cast<v1::SectionKind>(*number);
        break;
      }
      case kBody:
        if (!take_bytes(in, section.body)) return false;
        break;
      default:
        return false;
    }
  }
  sections_.push_back(section);
  return true;
}

void PublishFrame::refer_to(const v1::Publish& publish) {
  clear();
  outbox_ = publish.outbox();
  first_ = publish.first();
  for (const auto& item : publish.items()) {
    items_.push_back({item.header(), sections_.size(), static_cast<size_t>(item.sections_size()),
                      item.taken_us()});
    for (const auto& section : item.sections()) {
      sections_.push_back({section.kind(), section.body()});
    }
  }
}

void PublishFrame::clear() {
  outbox_ = {};
  first_ = 0;
  items_.clear();
  sections_.clear();
}

}  // namespace switchboard::server
