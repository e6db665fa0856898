// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.felix.framework.FrameworkFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

import java.util.Map;

public class ServiceLogTest {
    @Rule public TemporaryFolder temporary = new TemporaryFolder();
    @Rule public CapturedLog log = new CapturedLog();

    private Framework framework;
    private BundleContext context;

    @Before
    public void start() throws Exception {
        framework =
                new FrameworkFactory()
                        .newFramework(
                                Map.of(
                                        "org.osgi.framework.storage",
                                        temporary.getRoot().toString(),
                                        "org.osgi.framework.system.packages.extra",
                                        ServiceLog.PACKAGE));
        framework.start();
        context = framework.getBundleContext();
        ServiceLog.register(context);
    }

    @After
    public void stop() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    public void shouldPassOnWarningsAndErrorsOfLoggers() {
        LoggerFactory factory =
                context.getService(context.getServiceReference(LoggerFactory.class));
        Logger logger = factory.getLogger(context.getBundle(), "some.name", Logger.class);
        logger.info("not this");
        logger.warn("one");
        logger.error("two {} {}", "a", 3);
        logger.error("three {}", "x", new IllegalStateException());
        assertThat(logger.getName()).isEqualTo("some.name");
        assertThat(logger.isErrorEnabled()).isTrue();
        assertThat(logger.isTraceEnabled()).isFalse();
        assertThat(log.warnings()).containsExactly("one", "two a 3", "three x");
    }

    @Test
    @SuppressWarnings("deprecation") // File Install and Config Admin log this way
    public void shouldPassOnWhatTheOldLogServiceIsTold() {
        LogService service = context.getService(context.getServiceReference(LogService.class));
        service.log(LogService.LOG_WARNING, "one");
        service.log(null, LogService.LOG_ERROR, "two", new IllegalStateException());
        service.log(LogService.LOG_INFO, "not this");
        assertThat(log.warnings()).containsExactly("one", "two");
    }
}
