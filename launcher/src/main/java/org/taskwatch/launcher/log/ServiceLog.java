// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;

/// The log service of OSGi, passed on to [System.Logger]. Declarative Services uses it to
/// report what went wrong in a component, Config Admin and File Install what was wrong with
/// a configuration.
///
/// The interfaces have some fifty methods that differ in arity only, so both are proxies.
public final class ServiceLog {
    private ServiceLog() {}

    /// The package that the framework has to export for it.
    public static final String PACKAGE = "org.osgi.service.log;version=\"1.5.0\"";

    /// Registers it.
    ///
    /// @param context the context of the system bundle
    public static void register(BundleContext context) {
        String[] names = {LogService.class.getName(), LoggerFactory.class.getName()};
        context.registerService(names, new OfBundle(), null);
    }

    /// Gives each bundle a service that logs by its name: by that the log knows its own from others.
    private static final class OfBundle implements ServiceFactory<Object> {
        @Override
        public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
            Named logger = new Named(String.valueOf(bundle.getSymbolicName()));
            return proxy(
                    LogService.class,
                    (self, method, arguments) -> service(logger, self, method, arguments));
        }

        @Override
        public void ungetService(
                Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /// `getLogger` of a name, a class or a bundle, `log` with a level, or a method of Logger.
    private static @Nullable Object service(
            Named logger, Object self, Method method, Object[] arguments) {
        if (method.getName().equals("getLogger")) {
            return proxy(Logger.class, new Named(name(arguments)));
        }
        if (method.getName().equals("log")) {
            int at = arguments[0] instanceof Integer ? 0 : 1;
            Object[] rest = Arrays.copyOfRange(arguments, at + 1, arguments.length);
            logger.log(level((Integer) arguments[at]), rest);
            return null;
        }
        return logger.invoke(self, method, arguments);
    }

    /// The name is the first argument, or the second where the first is the bundle that asks; that
    /// bundle's own where it asks for the root.
    private static String name(Object[] arguments) {
        Object named = arguments[0];
        if (named instanceof Bundle bundle) {
            boolean root = Logger.ROOT_LOGGER_NAME.equals(arguments[1]);
            named = root ? String.valueOf(bundle.getSymbolicName()) : arguments[1];
        }
        return named instanceof Class<?> type ? type.getName() : String.valueOf(named);
    }

    /// {@return the level for a number of LogService}
    @SuppressWarnings("deprecation") // the numbers are, not the bundles that use them
    static Level level(int number) {
        return switch (number) {
            case LogService.LOG_ERROR -> Level.ERROR;
            case LogService.LOG_WARNING -> Level.WARNING;
            case LogService.LOG_INFO -> Level.INFO;
            default -> Level.DEBUG;
        };
    }

    /// A logger: the name of a method is the level, its arguments are a format, what goes into it
    /// and perhaps a throwable.
    private record Named(String name) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) {
            String called = method.getName();
            if (called.equals("getName") || called.equals("toString")) {
                return name;
            }
            if (called.equals("hashCode")) {
                return System.identityHashCode(self);
            }
            if (called.equals("equals")) {
                return arguments != null && self == arguments[0];
            }
            if (called.startsWith("is")) {
                return logger().isLoggable(levelOf(called.substring(2).replace("Enabled", "")));
            }
            if (arguments != null && arguments[0] instanceof String) {
                log(levelOf(called), arguments);
            }
            return null;
        }

        private System.Logger logger() {
            return System.getLogger(name);
        }

        private static Level levelOf(String method) {
            return switch (method.toLowerCase(Locale.ROOT)) {
                case "error" -> Level.ERROR;
                case "warn" -> Level.WARNING;
                case "info", "audit" -> Level.INFO;
                case "debug" -> Level.DEBUG;
                default -> Level.TRACE;
            };
        }

        void log(Level level, Object[] arguments) {
            String message = String.valueOf(arguments[0]);
            @Nullable Throwable thrown = null;
            for (Object argument : flat(arguments)) {
                if (argument instanceof Throwable found) {
                    thrown = found;
                } else {
                    message = replaceFirst(message, String.valueOf(argument));
                }
            }
            logger().log(level, message, thrown);
        }

        private static Object[] flat(Object[] arguments) {
            return arguments.length == 2 && arguments[1] instanceof Object[] several
                    ? several
                    : Arrays.copyOfRange(arguments, 1, arguments.length);
        }

        private static String replaceFirst(String format, String argument) {
            int at = format.indexOf("{}");
            return at < 0 ? format : format.substring(0, at) + argument + format.substring(at + 2);
        }
    }
}
