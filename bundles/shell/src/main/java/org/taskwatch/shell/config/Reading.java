// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.config;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits until a configuration that has been written is read: those who use it are told at the same moment. Of a factory, any
/// configuration counts.
final class Reading implements ConfigurationListener, AutoCloseable {
    private final CountDownLatch read = new CountDownLatch(1);
    private final Definition definition;
    private final ServiceRegistration<ConfigurationListener> registration;

    /// Listens from now on.
    ///
    /// @param context where the service is that reads
    /// @param configuration what is going to be written
    Reading(BundleContext context, Configuration configuration) {
        definition = configuration.definition();
        registration = context.registerService(ConfigurationListener.class, this, null);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        String pid = definition.isFactory() ? event.getFactoryPid() : event.getPid();
        if (definition.pid().equals(pid)) {
            read.countDown();
        }
    }

    /// {@return whether it has been read}
    ///
    /// @param most how long to wait for that
    /// @throws InterruptedException if the thread is interrupted
    boolean await(Duration most) throws InterruptedException {
        return read.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
