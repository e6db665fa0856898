// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.detail;

import org.taskwatch.api.Cgroup;
import org.taskwatch.api.Credentials;
import org.taskwatch.api.Detail;
import org.taskwatch.api.Detail.Reason;
import org.taskwatch.api.TaskDetails;
import org.taskwatch.api.Usage;

import java.util.List;
import java.util.Map;

/// The details of a task at one moment; replaced, never changed.
///
/// @param program what an exec replaces
/// @param credentials the ids
/// @param userName the name of the effective user
/// @param surroundings where it runs
/// @param usage what it has used, known from its EXIT on
/// @param labelSet its labels
public record Details(
        Program program,
        Detail<Credentials> credentials,
        Detail<String> userName,
        Surroundings surroundings,
        Detail<Usage> usage,
        LabelSet labelSet)
        implements TaskDetails {

    private static final Detail<String> NO_USER = Detail.unknown(Reason.NOT_READ);
    private static final Detail<Usage> NO_USAGE = Detail.unknown(Reason.NOT_READ);
    private static final int USAGE_BYTES = 200; // with its two durations and three optional numbers

    /// {@return details of which nothing is known}
    ///
    /// @param reason why
    public static Details unknown(Reason reason) {
        return new Details(
                Program.unknown(reason),
                Detail.unknown(reason),
                Detail.unknown(reason),
                Surroundings.unknown(reason),
                NO_USAGE,
                LabelSet.NONE);
    }

    /// {@return the details of a process of which only these were read}
    ///
    /// @param program what was read of the program
    /// @param ids the ids
    public static Details of(Program program, Detail<Credentials> ids) {
        return new Details(program, ids, NO_USER, Surroundings.NOT_READ, NO_USAGE, LabelSet.NONE);
    }

    /// {@return the details that a process has just after its fork: those that a fork copies and
    /// that can't have changed since without an event}
    public Details forked() {
        return surroundings == Surroundings.NOT_READ && usage == NO_USAGE
                ? this
                : new Details(
                        program, credentials, userName, Surroundings.NOT_READ, NO_USAGE, labelSet);
    }

    /// {@return these with another program}
    ///
    /// @param next the program
    public Details withProgram(Program next) {
        return new Details(next, credentials, userName, surroundings, usage, labelSet);
    }

    /// {@return these with another name}
    ///
    /// @param name the name
    public Details withComm(Detail<String> name) {
        return withProgram(program.withComm(name));
    }

    /// {@return these with other ids; the name of the user is to be found anew}
    ///
    /// @param ids the ids
    public Details withCredentials(Detail<Credentials> ids) {
        return new Details(program, ids, NO_USER, surroundings, usage, labelSet);
    }

    /// {@return these with the name of the user}
    ///
    /// @param user the name
    public Details withUserName(Detail<String> user) {
        return user == userName
                ? this
                : new Details(program, credentials, user, surroundings, usage, labelSet);
    }

    /// {@return these in other surroundings}
    ///
    /// @param now the surroundings
    public Details withSurroundings(Surroundings now) {
        return now == surroundings
                ? this
                : new Details(program, credentials, userName, now, usage, labelSet);
    }

    /// {@return these with what the process has used}
    ///
    /// @param used its usage
    public Details withUsage(Detail<Usage> used) {
        return new Details(program, credentials, userName, surroundings, used, labelSet);
    }

    /// {@return these with other labels}
    ///
    /// @param labels the labels
    public Details withLabels(LabelSet labels) {
        return labels == labelSet
                ? this
                : new Details(program, credentials, userName, surroundings, usage, labels);
    }

    /// {@return these with the labels that an exec leaves}
    public Details executed() {
        return withLabels(labelSet.executed());
    }

    /// {@return what is kept of them if they are long: texts of so many bytes at most, no namespaces}
    ///
    /// @param limit how many bytes
    public Details beginning(int limit) {
        return new Details(
                program.beginning(limit),
                credentials,
                userName,
                surroundings.beginning(limit),
                usage,
                labelSet);
    }

    @Override
    public int heapBytes() {
        return program.heapBytes()
                + surroundings.heapBytes()
                + labelSet.heapBytes()
                + (usage.value().isPresent() ? USAGE_BYTES : 0);
    }

    /// {@return whether not even the ids are known}
    public boolean isUnknown() {
        return credentials instanceof Detail.Unknown;
    }

    @Override
    public Detail<String> comm() {
        return program.comm();
    }

    @Override
    public Detail<String> executable() {
        return program.executable();
    }

    @Override
    public Detail<List<String>> commandLine() {
        return program.commandLine();
    }

    @Override
    public Detail<String> workingDirectory() {
        return surroundings.workingDirectory();
    }

    @Override
    public Detail<Cgroup> cgroup() {
        return surroundings.cgroup();
    }

    @Override
    public Detail<Integer> loginUid() {
        return surroundings.loginUid();
    }

    @Override
    public Detail<Map<String, Long>> namespaces() {
        return surroundings.namespaces();
    }

    @Override
    public Map<String, String> labels() {
        return labelSet.values();
    }
}
