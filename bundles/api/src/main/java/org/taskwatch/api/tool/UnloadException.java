// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import java.util.List;
import java.util.stream.Collectors;

/// A module could not be unloaded. Either calls of its watchers did not end within the deadline: no new call begins, and
/// the module is [ModuleState#STUCK] until they do. Or it is unregistered, and its bundle could not be stopped.
public final class UnloadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<CallInfo> calls;

    /// Makes the exception for a bundle that could not be stopped.
    ///
    /// @param module the symbolic name of the module
    /// @param cause what went wrong
    public UnloadException(String module, Throwable cause) {
        super(
                module
                        + " is unregistered, but its bundle could not be stopped: "
                        + cause.getMessage(),
                cause);
        calls = List.of();
    }

    /// Makes the exception for calls that did not end.
    ///
    /// @param module the symbolic name of the module
    /// @param calls the calls that did not end
    public UnloadException(String module, List<CallInfo> calls) {
        super(
                "unregistering module "
                        + module
                        + ": "
                        + calls.size()
                        + " call(s) did not end within the deadline: "
                        + calls.stream().map(CallInfo::summary).collect(Collectors.joining("; ")));
        this.calls = List.copyOf(calls);
    }

    /// {@return the calls that did not end; none if the bundle could not be stopped}
    public List<CallInfo> calls() {
        return calls;
    }
}
