// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The shell of a running instance, or one of its commands, on the terminal of this process.
final class InteractiveShell {
    private InteractiveShell() {}

    /// Runs it until the user leaves it or the instance ends it.
    ///
    /// @param command the command line to execute, empty for the shell
    /// @return the exit status
    static int run(Base base, String command, InputStream in, OutputStream out, OutputStream err) {
        try (ControlClient client = ControlClient.connect(base);
                Terminal _ = Terminal.raw()) {
            client.send(
                    ControlClient.INTERACTIVE,
                    utf8((Terminal.type() + " " + Terminal.size() + " " + command).strip()));
            onResize(() -> client.send(ControlClient.WINDOW, utf8(Terminal.size())));
            Thread.ofPlatform()
                    .name("taskwatch-stdin")
                    .daemon() // it stays in its read when the session has ended
                    .start(() -> forward(in, client));
            return client.receive(out, err);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void forward(InputStream in, ControlClient client) {
        byte[] buffer = new byte[4096];
        try (client) {
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                client.send(ControlClient.DATA, Arrays.copyOf(buffer, n));
            }
        } catch (IOException | Failure e) {
            // Either end is gone, and the thread that receives tells which.
            return;
        }
    }

    /// Calls back at each SIGWINCH. The JDK can do it, in its module jdk.unsupported, which the
    /// compiler warns about however it is called; so by reflection. Where it is missing the shell
    /// keeps the size that it began with.
    private static void onResize(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object callback =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) -> call(method, action));
            Object winch = signal.getConstructor(String.class).newInstance("WINCH");
            signal.getMethod("handle", signal, handler).invoke(null, winch, callback);
        } catch (ReflectiveOperationException e) {
            System.getLogger(InteractiveShell.class.getName())
                    .log(System.Logger.Level.DEBUG, "no SIGWINCH", e);
        }
    }

    private static @Nullable Object call(Method method, Runnable action) {
        if (method.getName().equals("handle")) {
            try {
                action.run();
            } catch (Failure e) {
                return null; // the session has ended meanwhile
            }
        }
        return null;
    }
}
