// Moments as -printf and -ls print them, in the local time zone and with the
// names of the locale (LC_TIME).
//
// Any thread, as long as nobody changes locale or time zone.
#ifndef FINDER_CMD_FORMAT_PRINTED_TIME_H_
#define FINDER_CMD_FORMAT_PRINTED_TIME_H_

#include <string>

#include "fs/file_details.h"

namespace finder {

// As ctime(3), with a fraction: "Sat Jan  2 03:04:05.1234567890 1960".
std::string CalendarTime(const FileTime& time);

// As strftime(3) prints '%' and `letter`, but that seconds have a fraction in
// S, T and X; and '@' is seconds since the epoch, '+' date and time.
std::string FormattedTime(const FileTime& time, char letter);

// As `ls -l` prints it: with the hour if it is at most six months before `now`,
// else with the year.
std::string ListedTime(const FileTime& time, const FileTime& now);

}  // namespace finder

#endif  // FINDER_CMD_FORMAT_PRINTED_TIME_H_
