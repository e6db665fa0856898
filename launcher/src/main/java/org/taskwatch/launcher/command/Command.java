// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.command;

import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// A command of taskwatch.
public interface Command {
    /// {@return what it does, for `--help`, in lines of at most 100 characters}
    String description();

    /// {@return the options of its own, new ones at each call: [Arguments] adds those that all have}
    default Options options() {
        return new Options();
    }

    /// {@return what it takes besides options}
    default Operands operands() {
        return Operands.NONE;
    }

    /// Runs it.
    ///
    /// @param arguments what the user has typed, which agrees with the options and the operands
    /// @return the exit status
    /// @throws org.taskwatch.launcher.failure.Failure if it can't be done, or was used wrongly
    /// @throws Exception if something else goes wrong
    int run(Arguments arguments) throws Exception;

    /// {@return an option that takes no value}
    ///
    /// @param name without the hyphens
    /// @param meaning for `--help`
    static Option flag(String name, String meaning) {
        return Option.builder().longOpt(name).desc(meaning).get();
    }

    /// {@return an option that takes a value}
    ///
    /// @param name without the hyphens
    /// @param value what `--help` calls the value
    /// @param meaning for `--help`
    static Option option(String name, String value, String meaning) {
        return Option.builder().longOpt(name).hasArg().argName(value).desc(meaning).get();
    }
}
