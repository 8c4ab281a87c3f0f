:do {:set data ($data . "&voltage=" . [/system health get [find name=voltage] value])} on-error={}
