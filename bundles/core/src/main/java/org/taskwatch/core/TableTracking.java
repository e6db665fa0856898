// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.taskwatch.api.tool.TaskTable;

/// Tells [Joins] of the task table.
final class TableTracking implements ServiceTrackerCustomizer<TaskTable, TaskTable> {
    private final BundleContext context;
    private final Joins joins;

    TableTracking(BundleContext context, Joins joins) {
        this.context = context;
        this.joins = joins;
    }

    @Override
    public TaskTable addingService(ServiceReference<TaskTable> reference) {
        TaskTable table = context.getService(reference);
        joins.table(table);
        return table;
    }

    @Override
    public void modifiedService(ServiceReference<TaskTable> reference, TaskTable table) {
        // nothing that matters here can change
    }

    @Override
    public void removedService(ServiceReference<TaskTable> reference, TaskTable table) {
        joins.noTable();
        context.ungetService(reference);
    }
}
