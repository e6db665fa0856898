// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.tasks.procfs.ProcFs;

import java.util.List;

/// The details of a task at one moment; replaced, never changed.
record Details(
        Detail<String> comm,
        Detail<Credentials> credentials,
        Detail<String> executable,
        Detail<List<String>> commandLine)
        implements TaskDetails {

    static Details unknown(Reason reason) {
        return new Details(
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason));
    }

    /// Reads all details of a process.
    static Details read(ProcFs proc, int pid) {
        return new Details(
                proc.comm(pid), proc.credentials(pid), proc.executable(pid), proc.commandLine(pid));
    }

    /// Reads what an exec replaces, in the order in which it vanishes when the process exits. The
    /// ids are kept: if the exec has changed them, that is told for itself.
    Details afterExec(ProcFs proc, int pid) {
        Detail<List<String>> arguments = proc.commandLine(pid);
        Detail<String> program = proc.executable(pid);
        return new Details(proc.comm(pid), credentials, program, arguments);
    }

    Details withComm(Detail<String> name) {
        return new Details(name, credentials, executable, commandLine);
    }

    Details withCredentials(Detail<Credentials> ids) {
        return new Details(comm, ids, executable, commandLine);
    }

    boolean isUnknown() {
        return credentials instanceof Detail.Unknown;
    }
}
