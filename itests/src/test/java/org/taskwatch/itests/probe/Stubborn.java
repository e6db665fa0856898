// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;

/// A file whose reader stays inside until the test makes a file named [Held#GO], whatever interrupts
/// it.
@Component
@FilePath("probe/stubborn")
public class Stubborn implements ControlFile {
    private final Notebook notebook = Notebook.ofThisBundle();

    @Override
    public OpenFile open(Client client) {
        return new TextFile(this::text);
    }

    private String text() {
        notebook.write("entered");
        while (!notebook.has(Held.GO)) {
            Thread.onSpinWait();
        }
        notebook.write("left");
        return "at last\n";
    }

    @Deactivate
    void deactivate() {
        notebook.write("deactivated");
    }
}
