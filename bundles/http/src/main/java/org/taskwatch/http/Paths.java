// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.taskwatch.api.web.WebPath;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Follows the services that serve a path. The framework calls when one goes, and goes on when no request is inside. Safe for
/// all threads.
final class Paths implements ServiceTrackerCustomizer<HttpHandler, Resource>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Paths.class.getName());
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._-]+)+(/\\*)?|/");

    private final BundleContext context;
    private final Duration deadline;
    private final ServiceTracker<HttpHandler, Resource> tracker;

    /// Not in order: a ranking may change.
    @GuardedBy("this")
    private final Map<ServiceReference<HttpHandler>, Resource> resources = new HashMap<>();

    /// Follows nothing yet.
    ///
    /// @param context where the services are
    /// @param deadline how long a service that goes waits for requests; zero is for ever
    Paths(BundleContext context, Duration deadline) {
        this.context = context;
        this.deadline = deadline;
        try {
            String filter =
                    "(&(objectClass=%s)(%s=*))"
                            .formatted(HttpHandler.class.getName(), WebPath.WEB_PATH);
            tracker = new ServiceTracker<>(context, context.createFilter(filter), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Takes in all that there are, and that will come.
    void open() {
        tracker.open();
    }

    /// {@return what serves a path, null if nothing does; what serves it alone goes before what serves all below one}
    synchronized @Nullable Resource at(String path) {
        return resources.entrySet().stream()
                .filter(each -> each.getValue().serves(path))
                .max(
                        Comparator.<Map.Entry<ServiceReference<HttpHandler>, Resource>>comparingInt(
                                        each -> each.getValue().precision(path))
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /// {@return all paths that are served, in order}
    synchronized List<String> all() {
        return resources.values().stream().map(Resource::path).distinct().sorted().toList();
    }

    @Override
    public @Nullable Resource addingService(ServiceReference<HttpHandler> reference) {
        if (!(reference.getProperty(WebPath.WEB_PATH) instanceof String path)
                || !PATH.matcher(path).matches()) {
            LOG.log(
                    Level.WARNING,
                    "{0}: {1}={2} is no path as /metrics; it is not served",
                    reference.getBundle(),
                    WebPath.WEB_PATH,
                    reference.getProperty(WebPath.WEB_PATH));
            return null;
        }
        HttpHandler handler = context.getService(reference);
        if (handler == null) {
            return null; // it has gone, or can't be made: the component runtime tells
        }
        Resource resource = new Resource(path, handler);
        synchronized (this) {
            resources.put(reference, resource);
        }
        return resource;
    }

    @Override
    public void modifiedService(ServiceReference<HttpHandler> reference, Resource resource) {
        // Its path stays, its ranking is looked at with each request.
    }

    @Override
    public void removedService(ServiceReference<HttpHandler> reference, Resource resource) {
        boolean isFirst;
        synchronized (this) {
            isFirst = resources.remove(reference, resource);
        }
        resource.close(deadline);
        if (isFirst) {
            context.ungetService(reference);
        }
    }

    /// Lets all go, as if their services went; one that goes meanwhile waits for its requests too.
    @Override
    public void close() {
        Map<ServiceReference<HttpHandler>, Resource> all;
        synchronized (this) {
            all = Map.copyOf(resources);
        }
        all.forEach(this::removedService);
        tracker.close();
    }
}
