// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import org.taskwatch.control.Frame;
import org.taskwatch.launcher.source.CompilerFrames.Request;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/// The other end of a [CompilerProcess]: compiles what its standard input asks for, until that ends. It ends this
/// JVM too if nobody has asked for a minute, so that its memory is given back, and if one source takes longer than that.
public final class CompilerServer {
    /// The exit status of one whose last compilation took too long.
    static final int TOO_LONG = 124;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long IDLE_NANOS =
            TimeUnit.MILLISECONDS.toNanos(Long.getLong("taskwatch.compiler.idle.ms", 60_000));

    private final Compiler compiler = new SourceBundler();

    /// What the thread that compiles does, since when. Written by that, read by the one which watches it.
    private volatile State state = new State(false, System.nanoTime());

    private record State(boolean isBusy, long since) {
        long left() {
            return since + (isBusy ? LONGEST_NANOS : IDLE_NANOS) - System.nanoTime();
        }
    }

    /// Makes one.
    public CompilerServer() {}

    /// Answers until the input ends.
    ///
    /// @throws IOException if the instance has gone
    public void serve() throws IOException {
        PrintStream output = System.out;
        System.setOut(System.err); // what the compiler may print is no answer
        Thread.ofPlatform().daemon().name("taskwatch-compiler-watch").start(this::watch);
        DataInputStream in = new DataInputStream(System.in);
        for (Frame asked = Frame.read(in); asked != null; asked = Frame.read(in)) {
            becomes(true);
            Frame answer = Request.of(asked).answer(compiler);
            becomes(false);
            output.write(answer.encode().array());
            output.flush();
        }
    }

    private void becomes(boolean isBusy) {
        state = new State(isBusy, System.nanoTime());
    }

    private void watch() {
        State now = state;
        try {
            for (long left = now.left(); left > 0; left = now.left()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, IDLE_NANOS)); // it may be idle before
                now = state;
            }
        } catch (InterruptedException _) {
            // Nobody interrupts it; then it ends at once, which is right too.
        }
        Runtime.getRuntime().halt(now.isBusy ? TOO_LONG : 0);
    }
}
