// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

/// A command of taskwatch. It is parsed by [Arguments], not by a library: that took 200 ms of each start.
interface Command {
    /// {@return what `--help` prints, and what the arguments are parsed by}
    ///
    /// The first line ends with the operands, as `PID...`. Each line that begins with two spaces and two
    /// hyphens declares an option, and if a word in capitals follows, that it takes a value. `--base`,
    /// `--help` and `--version` are added to all.
    String usage();

    /// Runs it.
    ///
    /// @param arguments what the user has typed, which agrees with the usage
    /// @return the exit status
    /// @throws Failure if it can't be done, or was used wrongly
    /// @throws Exception if something else goes wrong
    int run(Arguments arguments) throws Exception;
}
