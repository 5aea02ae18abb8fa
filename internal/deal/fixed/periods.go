package fixed

// LapsePause is how long a buyer who let two purchases lapse here may not buy here, for those who explain the rule.
const LapsePause = lapsePause
