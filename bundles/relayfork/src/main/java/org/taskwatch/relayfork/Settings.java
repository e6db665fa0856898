// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.api.Errno;
import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.Signal;

import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// What the configuration asks for. Numbers are as in the files: their syntax is defined here.
///
/// @param signal the signal, empty if it names none
/// @param pids the processes to be told
record Settings(OptionalInt signal, Set<Integer> pids) {
    /// {@return what the values of a configuration ask for}
    ///
    /// @param signal a number, or nothing
    /// @param processes pids, separated by commas or blanks
    /// @throws FileException EINVAL or ERANGE if a number is none, or out of range
    static Settings of(String signal, String... processes) throws FileException {
        OptionalInt number =
                signal.isBlank() ? OptionalInt.empty() : OptionalInt.of(signal(signal.strip()));
        Set<Integer> pids = new TreeSet<>();
        for (String pid : String.join(",", processes).split("[,\\s]+")) {
            if (!pid.isEmpty()) {
                pids.add(pid(pid));
            }
        }
        return new Settings(number, pids);
    }

    /// {@return the number of a signal that programs may use}
    ///
    /// @throws FileException EINVAL if it is none
    static int signal(String text) throws FileException {
        int number = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (number < Signal.REAL_TIME_MIN || number > Signal.MAX) {
            throw new FileException(
                    Errno.EINVAL,
                    "\"%s\" is no signal that can be taken: those are %d to %d"
                            .formatted(text, Signal.REAL_TIME_MIN, Signal.MAX));
        }
        return number;
    }

    /// {@return a process id}
    ///
    /// @throws FileException EINVAL if it is no number above 0, ERANGE if it is beyond all pids
    static int pid(String text) throws FileException {
        if (!text.matches("[0-9]+")) {
            throw new FileException(Errno.EINVAL, "\"" + text + "\" is no pid");
        }
        try {
            return pid(Integer.parseInt(text));
        } catch (NumberFormatException _) {
            throw new FileException(Errno.ERANGE, text + " is larger than any pid");
        }
    }

    /// {@return a process id}
    ///
    /// @throws FileException EINVAL if it is below 1
    static int pid(int number) throws FileException {
        if (number < 1) {
            throw new FileException(Errno.EINVAL, number + " is no pid: they begin at 1");
        }
        return number;
    }
}
