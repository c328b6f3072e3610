// The sentences that the journal's catalog explains, each with an id that stays what it is: `journalctl -x` finds the text in
// `systemd/dropwire.catalog` by it. A new one has an id from `journalctl --new-id128`.
extension LogMessage {
    package static let configurationWrong = LogMessage(
        "The configuration is wrong; the process ends.",
        id: "0416968605a94f099a2c891fa2a430e8")
    package static let configurationNotReloaded = LogMessage(
        "The configuration was not reloaded; the old one holds.",
        id: "187cc39bb7b3428f9aa57bea46efbd32")
    package static let restartNeeded = LogMessage(
        "Some keys take effect only when their process is started again.",
        id: "6e1f2985c890486d8691ab1b8f35377c")
    package static let stateTooNew = LogMessage(
        "The state was written by a newer version; the process ends.",
        id: "8b1168452c6c4b948cc102f6633b7a2a")
    package static let stateInUse = LogMessage(
        "The state is in use by another process; this one ends.",
        id: "c27858338e5741bb99e42339e0613f5c")
    package static let databaseDamaged = LogMessage(
        "A database is damaged; the process ends.",
        id: "47c7c7f3f4504cd7be519bc402c34320")
    package static let diskFullAtEnd = LogMessage(
        "There is no room on the disk; the process ends.",
        id: "dbdff689b72c44db91fb8c8414e7681e")
    package static let stateNotWritten = LogMessage(
        "The state cannot be written; the work waits.",
        id: "342c3d00ca4b4f22ae960c4027b9d164")
    package static let processFailed = LogMessage(
        "The process failed and ends.",
        id: "a419190bbea1417ea720b1a2ad76604c")
    package static let filesNotTaken = LogMessage("No files are taken.", id: "011dc6eb975743598c05b2e2fac8a22a")
    package static let logAtLimit = LogMessage(
        "No files are taken: the log is at its size limit.",
        id: "9e61545b417f492399c7aaada56b7f17")
    package static let recordsRemovedEarly = LogMessage(
        "Records are removed before their retention is over: the log is nearly at its size limit.",
        id: "64b026a35d7f4d7b82042976ce60d0f4")
    package static let ballastGivenUp = LogMessage(
        "The ballast was given up for what is in flight.",
        id: "444576ea24a448cfa0fab4352d3467a3")
    package static let logDiskFull = LogMessage("The disk is full.", id: "2427e23780ce42c3b97be0253df8975c")
    package static let storeFull = LogMessage(
        "The store is full; reports are refused until there is room.",
        id: "84268568bb1a42718d17bbb741932c8e")
    package static let storeDamaged = LogMessage(
        "The store is damaged; reports are refused, and no log is followed.",
        id: "e358e5a51bb94fb6a069f343dc4df129")
    package static let directoryUnreadable = LogMessage(
        "The directory is paused.",
        id: "18209a402dae45a08d46422f3d5c2120")
    package static let directoryHeld = LogMessage(
        "No files are taken from the directory.",
        id: "2fd9c3c1c12f4a118bd602e08a51d02b")
    package static let folderUnreadable = LogMessage(
        "A folder cannot be read; the others go on.",
        id: "2e1c6d19babb43e68254e8a2188ba155")
    package static let fileNotTaken = LogMessage(
        "A file cannot be taken for now; it is tried again.",
        id: "6d6a664d29d640b19360db4fdd17112d")
    package static let fileQuarantined = LogMessage("A file was quarantined.", id: "b7c47f6bff7e4d8aa0672d05066257eb")
    package static let diedOnFile = LogMessage(
        "The file in hand at the last end is parsed apart.",
        id: "537ae4edc4264928822f9ac0982a075c")
    package static let keysNotReloaded = LogMessage(
        "Keys were not read again; the old ones hold.",
        id: "b236fb5aee6c41f984efa3ae9490b33b")
    package static let peerRefused = LogMessage("A peer was refused.", id: "c0013b8be2b34e499a4b60dedcf6e0c8")
    package static let tokenRefused = LogMessage("A token was refused.", id: "9ce5cb70b5a74d339a0b21aaa5809806")
    package static let tokensNotReloaded = LogMessage(
        "The tokens were not read again; the old ones hold.",
        id: "217c7e73e0d74c189f621cd87e533993")
    package static let certificateNotReloaded = LogMessage(
        "The certificate was not read again; the old one holds.",
        id: "aba354be6648463c9416ad560c593ce8")
    package static let recordsLost = LogMessage(
        "Retention has removed records that were not read yet; reading goes on behind the gap.",
        id: "e4bd4ceba4634c5f80451395630f2a56")
    package static let groupLostRecords = LogMessage(
        "Retention has removed records that a group had not claimed yet.",
        id: "9820a14e67214b82ab920df0340ffae5")
    package static let matchesLost = LogMessage(
        "Matches left the log before they were delivered.",
        id: "e998f9ce5f4241199467c5f48a4df4e4")
    package static let logUnreachable = LogMessage(
        "The log cannot be followed; it is tried again.",
        id: "cd64a9907219454b9401ba557b498a59")
    package static let statusUnreachable = LogMessage(
        "The status service does not answer; results wait in the outbox.",
        id: "3909e77a498946d385fd9540277c8ae2")
    package static let articleGivenUp = LogMessage("An article was given up.", id: "9361537981114a558e1b8a9f3699d217")
    package static let deliveryGivenUp = LogMessage("A delivery was given up.", id: "b1996a051dfc4e4484554744d588e8bd")
    package static let modelFails = LogMessage(
        "The language model gives no summaries; articles get extracts until it does.",
        id: "4b17c0679bd146e1a0ba844cd35b259c")
    package static let descriptorsShort = LogMessage(
        "Connections were closed, so that descriptors for files are left; raise LimitNOFILE if they are wanted.",
        id: "659c09c88d554cdd84f1fca6478e8136")
    package static let watchdogNear = LogMessage(
        "The working loop was late for the watchdog.",
        id: "cc149f844170447591511930a30157f7")
    package static let drainCutShort = LogMessage("The drain was cut short.", id: "3595f8bb50fb405eb010535b62623760")
    package static let eventsUnavailable = LogMessage(
        "Events of the file system are not to be had, directories are polled alone.",
        id: "00e64121531c427498ed8c763b4ec2a7")
    package static let eventsUnavailableForSome = LogMessage(
        "Events are not to be had for some directories, they are polled alone.",
        id: "422abc1be70847fdb146b7ff5493a196")
    package static let eventsLost = LogMessage(
        "Events of the file system were lost, the directories are scanned instead.",
        id: "74a0b92b7e1e440b891b1d7c5bc4c96b")
    package static let erasureBookShort = LogMessage(
        "The book of erasures is shorter than it was: it was lost, or changed by hand.",
        id: "9408abf97aa04cbaa7dd689929daf949")
    package static let logRestored = LogMessage(
        "The log was restored; reading goes on where its new epoch began.",
        id: "b0dccaef585240f4b98c28b17ab84838")
    package static let linesLeftOut = LogMessage("Lines were left out.", id: "bdc0696d22f54874a1545214de2267de")

    /// All of them.
    package static let explained: [LogMessage] = [
        .configurationWrong, .configurationNotReloaded, .restartNeeded, .stateTooNew, .stateInUse, .databaseDamaged,
        .diskFullAtEnd, .stateNotWritten, .processFailed, .filesNotTaken, .logAtLimit, .recordsRemovedEarly,
        .ballastGivenUp, .logDiskFull, .storeFull, .storeDamaged, .directoryUnreadable, .directoryHeld,
        .folderUnreadable, .fileNotTaken, .fileQuarantined, .diedOnFile, .keysNotReloaded, .peerRefused,
        .tokenRefused, .tokensNotReloaded, .certificateNotReloaded, .recordsLost, .groupLostRecords, .matchesLost,
        .logUnreachable, .statusUnreachable, .articleGivenUp, .deliveryGivenUp, .modelFails, .descriptorsShort,
        .watchdogNear, .drainCutShort, .eventsUnavailable, .eventsUnavailableForSome, .eventsLost, .erasureBookShort,
        .logRestored, .linesLeftOut,
    ]
}
