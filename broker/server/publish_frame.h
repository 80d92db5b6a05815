// A Publish as it lies in its frame: items, headers and sections are walked in place and become
// views, none of them an object.
//
// Only frames of the plain form are walked: known fields, short lengths, as every writer makes
// them. Anything else, sound or not, is left to protobuf, so that the answer to a frame never
// depends on who read it (fuzz target publish_frame holds the two against each other). Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "broker/core/item.h"
#include "switchboard/v1/session.pb.h"

namespace switchboard::server {

class PublishFrame {
 public:
  // Its first byte says so; worth a walk.
  static bool may_be(std::string_view frame);
  // `frame` is a whole ClientFrame, and must outlive the views. False: not of the plain form.
  bool walk(std::string_view frame);
  // The views of an object, which must outlive them.
  void refer_to(const v1::Publish& publish);
  void clear();

  std::string_view outbox() const { return outbox_; }
  uint64_t first() const { return first_; }
  size_t items() const { return items_.size(); }
  core::ItemView item(size_t at) const {
    const Item& item = items_[at];
    return {item.header, std::span(sections_).subspan(item.section, item.sections), item.taken_us};
  }

 private:
  struct Item {
    std::string_view header;
    size_t section = 0;  // its first, in sections_
    size_t sections = 0;
    int64_t taken_us = 0;
  };
  bool walk_item(std::string_view bytes);
  bool walk_section(std::string_view bytes);

  std::string_view outbox_;
  uint64_t first_ = 0;
  std::vector<Item> items_;
  std::vector<store::PlainSection> sections_;
};

}  // namespace switchboard::server
