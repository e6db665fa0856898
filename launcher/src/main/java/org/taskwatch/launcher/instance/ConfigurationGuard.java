// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.taskwatch.launcher.deploy.Stamp;
import org.taskwatch.launcher.failure.Failure;

import java.io.File;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/// Keeps File Install from what it can't read in the folder `etc`: it would open a FIFO, and never go on
/// with any other file, and says nothing of a directory. It is registered as an installer that
/// takes such entries, and tells of them.
///
/// The launcher has none of the classes of bundles on its path, so this is a proxy.
final class ConfigurationGuard {
    private static final System.Logger LOG = System.getLogger(ConfigurationGuard.class.getName());
    private static final String FILE_INSTALL = "org.apache.felix.fileinstall";
    private static final String INSTALLER = FILE_INSTALL + ".ArtifactInstaller";

    private ConfigurationGuard() {}

    /// Registers it, if File Install is installed. Called before that is started: it looks at the
    /// folder then.
    static void register(BundleContext context) {
        Arrays.stream(context.getBundles())
                .filter(bundle -> FILE_INSTALL.equals(bundle.getSymbolicName()))
                .findFirst()
                .ifPresent(bundle -> register(context, bundle));
    }

    private static void register(BundleContext context, Bundle fileInstall) {
        try {
            Class<?> type = fileInstall.loadClass(INSTALLER);
            Object guard =
                    Proxy.newProxyInstance(
                            type.getClassLoader(),
                            new Class<?>[] {type},
                            (self, method, arguments) -> called(self, method, arguments));
            context.registerService(INSTALLER, guard, null);
        } catch (ClassNotFoundException e) {
            throw new Failure("cannot watch the folder etc: " + Failure.reason(e));
        }
    }

    private static @Nullable Object called(Object self, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "canHandle" -> {
                return obstacle((File) arguments[0]) != null;
            }
            case "install", "update" -> tell((File) arguments[0]);
            case "equals" -> {
                return self == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            case "toString" -> {
                return ConfigurationGuard.class.getName();
            }
            default -> {} // uninstall: nothing was done
        }
        return null;
    }

    private static @Nullable String obstacle(File file) {
        Stamp stamp = Stamp.of(file.toPath());
        return stamp == null ? null : stamp.obstacle();
    }

    private static void tell(File file) {
        LOG.log(
                System.Logger.Level.WARNING,
                "etc/%s: %s".formatted(file.getName(), obstacle(file)));
    }
}
