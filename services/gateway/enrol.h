// `switchboard-gateway people …`: gives people passwords, takes them away and lists who has one.
//
//   people set-password PERSON [--keep]    people remove PERSON    people ls
//
// Works on state_dir/people.json beside a running gateway, which reads it again. The password comes
// from the terminal without echo, twice, or as one line of another stdin; never from the command
// line, which others can see. It must be changed at the first sign-in unless --keep. Whether the
// hub knows the person is looked at when they sign in, not here. Thread: main's. Fails: with an
// Exit, having said why on `err`; never shows a hash.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "broker/base/password.h"
#include "broker/base/time.h"
#include "broker/runtime/exit_codes.h"

namespace switchboard::gateway {

struct Enrolment {
  std::string state_dir;
  int password_from = 0;  // file descriptor: stdin
  Time now;
  std::ostream& out;
  std::ostream& err;
  PasswordCost cost = {};
};

// `words`: what follows "people" on the command line.
Exit run_people(const std::vector<std::string>& words, const Enrolment& enrolment);

}  // namespace switchboard::gateway
