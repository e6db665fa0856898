// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Test;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The program of the filter, run here as the kernel runs it.
public class ForkFilterTest {
    private static final int ALLOW = 0x7fff0000;
    private static final int ASK = 0x7fc00000;
    private static final int ENOSYS = 0x00050000 | 38;

    // linux/audit.h
    private static final int X86_64 = 0xC000003E;
    private static final int I386 = 0x40000003;
    private static final int AARCH64 = 0xC00000B7;
    private static final int ARM = 0x40000028;
    private static final int RISCV64 = 0xC00000F3;

    private static final int CLONE3 = 435;
    private static final int SIGCHLD = 17;
    private static final int VFORK = 0x4100; // CLONE_VM | CLONE_VFORK
    private static final int THREAD = 0x3d0f00; // as pthread_create(3)

    /// {@return what the program says to a system call} The instructions are those of `linux/bpf_common.h`.
    private static int answer(int architecture, int number, int flags) {
        List<BpfInstruction> program = ForkFilter.program();
        int a = 0;
        for (int at = 0; ; at++) {
            BpfInstruction instruction = program.get(at);
            int k = instruction.value();
            boolean holds;
            switch (instruction.code()) {
                case 0x20 -> {
                    a = word(k, architecture, number, flags);
                    continue;
                }
                case 0x06 -> {
                    return k;
                }
                case 0x15 -> holds = a == k;
                case 0x35 -> holds = Integer.compareUnsigned(a, k) >= 0;
                case 0x45 -> holds = (a & k) != 0;
                default -> throw new AssertionError("no code " + instruction);
            }
            at += holds ? instruction.ifTrue() : instruction.ifFalse();
        }
    }

    private static int word(int offset, int architecture, int number, int flags) {
        return switch (offset) {
            case 0 -> number;
            case 4 -> architecture;
            case 16 -> flags;
            default -> throw new AssertionError("no word at " + offset);
        };
    }

    private static void assertForks(int architecture, int clone, int... others) {
        assertThat(answer(architecture, clone, SIGCHLD)).isEqualTo(ASK);
        assertThat(answer(architecture, clone, VFORK | SIGCHLD)).isEqualTo(ASK);
        assertThat(answer(architecture, clone, THREAD)).isEqualTo(ALLOW);
        assertThat(answer(architecture, CLONE3, 0)).isEqualTo(ENOSYS);
        for (int number : others) {
            assertThat(answer(architecture, number, 0)).isEqualTo(ASK);
        }
        int asked = 0;
        for (int number = 0; number < 1000; number++) {
            asked += answer(architecture, number, 0) == ALLOW ? 0 : 1;
        }
        assertThat(asked).as("all but these are allowed").isEqualTo(2 + others.length);
    }

    @Test
    public void shouldAskForForksOfEachArchitectureAndNotForThreads() {
        assertForks(X86_64, 56, 57, 58);
        assertForks(I386, 120, 2, 190);
        assertForks(AARCH64, 220);
        assertForks(ARM, 120, 2, 190);
    }

    @Test
    public void shouldFailAllCallsOfX32() {
        for (int number : new int[] {0x40000000, 0x40000000 | 57, 0x7fffffff, -1}) {
            assertThat(answer(X86_64, number, 0)).isEqualTo(ENOSYS);
        }
        assertThat(answer(X86_64, 0x3fffffff, 0)).isEqualTo(ALLOW);
    }

    @Test
    public void shouldFailAllCallsOfAnArchitectureThatIsNotKnown() {
        assertThat(answer(RISCV64, 220, 0)).isEqualTo(ENOSYS);
        assertThat(answer(RISCV64, 0, 0)).isEqualTo(ENOSYS);
    }

    /// The thread is one of its own: a filter is for good.
    @Test
    public void shouldHaveAForkOfTheThreadWaitAndFailAsItIsAnswered() throws Exception {
        CompletableFuture<SeccompListener> installed = new CompletableFuture<>();
        CompletableFuture<String> forked = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> forkFiltered(installed, forked));
        try (SeccompListener listener = installed.get(10, TimeUnit.SECONDS);
                Wakeup never = Wakeup.open()) {
            assertThat(listener.await(never, 10_000)).isEqualTo(SeccompListener.READABLE);
            SeccompListener.Notification fork = Objects.requireNonNull(listener.receive());
            assertThat(answer(fork.architecture(), fork.number(), (int) fork.argument()))
                    .isEqualTo(ASK);
            assertThat(listener.refuse(fork.id(), 85)).isTrue();
            assertThat(forked.get(10, TimeUnit.SECONDS)).contains("error: 85");
        }
    }

    private static void forkFiltered(
            CompletableFuture<SeccompListener> installed, CompletableFuture<String> forked) {
        try {
            installed.complete(ForkFilter.install());
            forked.complete(new ProcessBuilder("true").start().toString());
        } catch (LinuxException e) {
            installed.completeExceptionally(e);
        } catch (IOException e) {
            forked.complete(e.toString());
        }
    }
}
