// One item as it was published: views of bytes that lie in its frame, or in an object.
//
// Owns: nothing. Whoever makes a view keeps the bytes: through the call it is given to, and, for an
// item that was accepted, through the turn (live entries are made of them). Pure. Thread: any.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "broker/store/payload.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::core {

struct ItemView {
  std::string_view header;
  std::span<const store::PlainSection> sections;  // in the order they were published
  int64_t taken_us = 0;                           // Item.taken_us

  size_t bytes() const {
    size_t all = header.size();
    for (const auto& section : sections) all += section.body.size();
    return all;
  }
};

// The views of an item that is an object; the object keeps the bytes.
class ItemOf {
 public:
  explicit ItemOf(const v1::Item& item) : header_(item.header()), taken_us_(item.taken_us()) {
    sections_.reserve(static_cast<size_t>(item.sections_size()));
    for (const auto& section : item.sections()) {
      sections_.push_back({section.kind(), section.body()});
    }
  }
  ItemView view() const { return {header_, sections_, taken_us_}; }

 private:
  std::string_view header_;
  std::vector<store::PlainSection> sections_;
  int64_t taken_us_ = 0;
};

}  // namespace switchboard::core
