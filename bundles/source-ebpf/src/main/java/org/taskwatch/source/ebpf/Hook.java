// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.taskwatch.linux.bpf.AttachType;
import org.taskwatch.linux.bpf.BpfException;
import org.taskwatch.linux.bpf.Btf;

/// Where a program of this source runs.
///
/// @param type before or after a function, or at a tracepoint
/// @param name of that
record Hook(AttachType type, String name) {
    /// {@return its id}
    ///
    /// @throws BpfException if this kernel has none
    int id(Btf btf) throws BpfException {
        return type == AttachType.TRACEPOINT ? btf.tracepoint(name) : btf.function(name);
    }

    /// {@return the name of the program for it}
    String program() {
        return "tw_" + name.replaceFirst("(sched_process|task)_", "");
    }

    /// {@return as others name it, `fentry/commit_creds`}
    @Override
    public String toString() {
        return switch (type) {
                    case TRACEPOINT -> "tp_btf/";
                    case FUNCTION_ENTRY -> "fentry/";
                    case FUNCTION_EXIT -> "fexit/";
                }
                + name;
    }
}
