// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import java.util.List;
import java.util.stream.Collectors;

/// A module could not be unregistered within the deadline, because calls of its watchers did not
/// end. No new call begins; the module is [ModuleState#STUCK] until the calls end.
public final class UnloadException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<CallInfo> calls;

    /// Makes the exception.
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

    /// {@return the calls that did not end}
    public List<CallInfo> calls() {
        return calls;
    }
}
