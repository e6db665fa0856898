// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.command;

import org.taskwatch.control.Arguments;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Kind;
import org.taskwatch.control.Option;

import java.util.List;

/// A command of taskwatch.
public interface Command {
    /// The options that all commands have besides their own.
    List<Option> COMMON =
            List.of(
                    new Option(
                            "base",
                            '\0',
                            "DIR",
                            Kind.FOLDER,
                            "the directory of the instance; else $TASKWATCH_BASE, else"
                                    + " ~/.taskwatch"),
                    Option.flag("version", 'V', "show the version"));

    /// {@return what it is called, takes and means, without [#COMMON]}
    Declaration declaration();

    /// Runs it.
    ///
    /// @param arguments what the user has typed, which agrees with the declaration
    /// @return the exit status
    /// @throws org.taskwatch.control.MisuseException if it was used wrongly
    /// @throws org.taskwatch.launcher.failure.Failure if it can't be done
    /// @throws Exception if something else goes wrong
    int run(Arguments arguments) throws Exception;

    /// {@return the exit status where it does not return one, as it was used wrongly or can't be done}
    ///
    /// @param status the one of [org.taskwatch.launcher.failure.Failure]
    default int failureStatus(int status) {
        return status;
    }
}
