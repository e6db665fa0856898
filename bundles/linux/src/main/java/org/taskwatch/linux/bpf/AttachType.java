// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux.bpf;

/// Where in the kernel a program runs. Its context, in R1, is an array of 64-bit words.
public enum AttachType {
    /// At a tracepoint (`tp_btf`): the context has its arguments.
    TRACEPOINT(23),

    /// Before a function (`fentry`): the context has its arguments. Many kernels refuse that.
    FUNCTION_ENTRY(24),

    /// After a function (`fexit`): the context has its arguments, and behind them what it returns.
    FUNCTION_EXIT(25);

    /// The number in `enum bpf_attach_type` of `linux/bpf.h`.
    final int number;

    AttachType(int number) {
        this.number = number;
    }
}
