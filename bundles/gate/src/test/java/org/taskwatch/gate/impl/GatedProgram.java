// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.gate.impl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// A process that has its forks filtered, and asks for a gate: `gate` sends the listener with a request, `request` sends
/// the request alone, `junk` sends another file with it. `fork` forks once. Each is told by a line, and prints one.
final class GatedProgram implements AutoCloseable {
    private static final String SCRIPT =
            """
            import ctypes, os, platform, socket, struct, sys
            path, request = sys.argv[1], sys.argv[2]
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            connection.connect(path)
            libc = ctypes.CDLL(None, use_errno=True)
            x86 = platform.machine() == "x86_64"
            forks, seccomp = ([56, 57, 58], 317) if x86 else ([220], 277)
            def step(code, value, true=0, false=0):
                return struct.pack("HBBI", code, true, false, value)
            def listener():
                count = len(forks)
                code = step(0x20, 0)
                for i, number in enumerate(forks):
                    code += step(0x15, number, count - i)
                code += step(0x06, 0x7fff0000) + step(0x06, 0x7fc00000)
                steps = ctypes.create_string_buffer(code)
                program = struct.pack("H6xP", len(code) // 8, ctypes.addressof(steps))
                libc.prctl(38, 1, 0, 0, 0)
                fd = libc.syscall(seccomp, 1, 8 | 32, ctypes.create_string_buffer(program))
                if fd < 0:
                    sys.exit("no seccomp: errno %d" % ctypes.get_errno())
                return fd
            def ask(fds):
                socket.send_fds(connection, [request.encode()], fds)
                for fd in fds:
                    os.close(fd)
                return connection.recv(1000).decode()
            def fork():
                try:
                    pid = os.fork()
                except OSError as e:
                    return "errno %d" % e.errno
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
                return "forked"
            for line in sys.stdin:
                print({
                    "gate": lambda: ask([listener()]),
                    "request": lambda: ask([]),
                    "junk": lambda: ask([os.open("/dev/null", os.O_RDONLY)]),
                    "fork": fork,
                }[line.strip()](), flush=True)
            """;
    private static final long SECONDS = 30;

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private GatedProgram(Process process) {
        this.process = process;
        in = process.outputWriter();
        out = process.inputReader();
    }

    /// Starts one that has connected.
    ///
    /// @param socket of the gates
    /// @param request what it sends
    static GatedProgram start(Path socket, String request) throws IOException {
        return new GatedProgram(
                new ProcessBuilder("python3", "-c", SCRIPT, socket.toString(), request)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    int pid() {
        return (int) process.pid();
    }

    /// Has it do something.
    void say(String line) {
        try {
            in.write(line + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// {@return what it prints next; empty if it has ended}
    String answer() {
        try {
            return Objects.requireNonNullElse(out.readLine(), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String ask(String line) {
        say(line);
        return answer();
    }

    /// Kills it.
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
