// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;
import org.taskwatch.api.TaskWatcher;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Links the watchers that the core's own wiring declares: those of the core and of its fragments.
final class StaticTable {
    private static final String NAMESPACE = "taskwatch.table";

    private static final Comparator<BundleCapability> ORDER =
            Comparator.comparing((BundleCapability c) -> c.getRevision().getSymbolicName())
                    .thenComparing(StaticTable::className);

    private StaticTable() {}

    /// {@return the watchers of the table, in the order in which they are called}
    ///
    /// @param wiring the wiring of the core
    /// @throws BundleException if one can't be linked; the core does not start then, because its
    ///     table would silently not be what was installed
    static List<Watcher> link(BundleWiring wiring) throws BundleException {
        List<BundleCapability> declared = new ArrayList<>(wiring.getCapabilities(NAMESPACE));
        declared.sort(ORDER);
        List<Watcher> table = new ArrayList<>();
        for (BundleCapability capability : declared) {
            table.add(link(wiring.getClassLoader(), capability));
        }
        return List.copyOf(table);
    }

    private static Watcher link(ClassLoader loader, BundleCapability capability)
            throws BundleException {
        String module = capability.getRevision().getSymbolicName();
        String name = className(capability);
        try {
            Map<String, Object> attributes = capability.getAttributes();
            Subscription subscription =
                    Subscription.parse(
                            attributes.get("event"),
                            attributes.get("capture"),
                            attributes.get("threads"),
                            attributes.get("filter"),
                            attributes.get("relaxed"));
            TaskWatcher watcher =
                    loader.loadClass(name)
                            .asSubclass(TaskWatcher.class)
                            .getConstructor()
                            .newInstance();
            return Watcher.linked(watcher, module, subscription);
        } catch (ReflectiveOperationException
                | LinkageError
                | ClassCastException
                | IllegalArgumentException e) {
            // The launcher finds the file by the location.
            throw new BundleException(
                    "%s: its watcher %s can't be linked into the static table: %s"
                            .formatted(
                                    capability.getRevision().getBundle().getLocation(),
                                    name,
                                    reason(e)),
                    BundleException.ACTIVATOR_ERROR,
                    e);
        }
    }

    private static Throwable reason(Throwable e) {
        return e instanceof InvocationTargetException thrown ? thrown.getTargetException() : e;
    }

    private static String className(BundleCapability capability) {
        return String.valueOf(capability.getAttributes().get("class"));
    }
}
