// What a command line can say, in one place: an option means the same in every command.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard::cli {

struct Arguments {
  // Of every command.
  std::string connect;  // connection file; else $SWITCHBOARD_CONNECT
  std::string format = "table";
  bool json = false;
  bool quiet = false;
  bool no_colour = false;
  bool no_input = false;
  double timeout_s = 10;
  std::string identity;  // whose key is used; else the one that fits
  std::string reason;    // of a write, for the audit chain

  std::string file;  // what apply, publish, route test read; a folder for the sandbox; "-" = stdin
  std::string web;   // of sandbox run: folder of built pages
  bool no_screens = false;
  std::string id;  // of an event, or a position
  std::string team;
  std::string person;
  std::string outcome;
  std::string why;      // it is not the team's
  std::string to_team;  // that it is handed over to
  std::string undoes;   // id of an act
  bool last = false;
  std::string agency;
  std::string kind;
  std::string disposition;
  std::string nhs_number;  // "-" or "@FILE", never the number
  std::string endpoint;
  std::string store;
  std::string code;
  std::string source;  // AGENCY/SYSTEM
  std::string sample;
  std::string with;
  std::string at;      // a moment of London's clock
  std::string within;  // a span from now on
  std::string since;
  std::string until;
  std::string list = "caseload";
  std::string as_of;
  std::string spoke_to;
  std::string result;
  std::string rang;   // the number that was rung
  std::string other;  // another team: rung, or disagreed with
  std::string day = "yesterday";
  std::string all_dir;  // folder for one file of each
  std::string edition;  // of a table that is loaded
  std::vector<std::string> adapters;
  uint64_t number = 0;
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t confirm = 0;
  uint64_t after = 0;
  uint64_t before = 0;
  uint64_t at_position = 0;
  uint32_t limit = 50;
  bool open_only = false;
  bool changes = false;
  bool sent = false;
  bool full = false;
  bool dry_run = false;
  bool execute = false;
  bool cleared = false;
  bool yes = false;
  bool confirm_vanishing = false;
  bool alarms_only = false;
  bool probes = false;
  bool all = false;
  bool no_change = false;
  bool public_list = false;
};

}  // namespace switchboard::cli
