// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.doctor;

import org.taskwatch.linux.ForkFilter;
import org.taskwatch.linux.LinuxException;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Whether the kernel lets forks wait for an answer: a thread filters itself as `taskwatch gate` does, and ends.
record GateTopic() implements Topic {
    @Override
    public String name() {
        return "gate";
    }

    @Override
    public Role role() {
        return Role.EXTRA;
    }

    @Override
    public Finding examine() {
        FutureTask<Finding> trial = new FutureTask<>(GateTopic::filter);
        Thread.ofPlatform().name("taskwatch-doctor-gate").start(trial);
        try {
            return trial.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The calling thread is to be used for nothing else.
    private static Finding filter() {
        try {
            ForkFilter.install().close();
            return Finding.ok("the kernel lets forks wait for an answer");
        } catch (LinuxException e) {
            return refused(e);
        }
    }

    private static Finding refused(LinuxException e) {
        return e.errno() == LinuxException.EBUSY
                ? Finding.warn(
                        "this is below a gate, or another listener, already, and the kernel allows"
                                + " one; leave it for taskwatch gate")
                : Finding.no(
                        e.getMessage()
                                + "; taskwatch gate needs Linux 5.9 or newer,"
                                + " CONFIG_SECCOMP_FILTER, and a container that allows seccomp(2)");
    }
}
