// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.process;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/// What this process does on a signal, until it is closed. The JDK offers that in its module
/// jdk.unsupported, which the compiler warns about however it is called; hence the reflection.
public final class Signals implements AutoCloseable {
    private final Object signal;
    private final Object previous;

    private Signals(Object signal, Object previous) {
        this.signal = signal;
        this.previous = previous;
    }

    /// Calls back at each signal, on a thread of its own, in place of what the JVM does.
    ///
    /// @param name the name of the signal, as `WINCH`
    /// @param action what to do
    /// @return null where the JDK can't do that: all stays as it is
    public static @Nullable Signals handle(String name, Runnable action) {
        try {
            Class<?> handler = handlerClass();
            Object callback =
                    Proxy.newProxyInstance(
                            handler.getClassLoader(),
                            new Class<?>[] {handler},
                            (proxy, method, arguments) -> call(method, action));
            Object signal =
                    Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
            return new Signals(signal, handle(signal, callback));
        } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName())
                    .log(System.Logger.Level.DEBUG, "no SIG" + name, e);
            return null;
        }
    }

    private static Class<?> handlerClass() throws ClassNotFoundException {
        return Class.forName("sun.misc.SignalHandler");
    }

    private static Object handle(Object signal, Object handler)
            throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), handlerClass())
                .invoke(null, signal, handler);
    }

    private static @Nullable Object call(Method method, Runnable action) {
        if (method.getName().equals("handle")) {
            action.run();
        }
        return null;
    }

    @Override
    public void close() {
        try {
            handle(signal, previous);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot restore what a signal does", e);
        }
    }
}
